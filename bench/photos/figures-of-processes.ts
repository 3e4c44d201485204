import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from '../figures.js';
import type { TestPhotos } from './test-photos.js';

const run = promisify(execFile);

/** Of so many processes the median: what is amiss in one of them only was the machine. */
const PROCESSES = 3;
const MEGABYTE = 1_048_576;

/** Memory and start of fresh processes, which use the package as it is built. */
export async function measureProcesses({ two, large, samples }: TestPhotos): Promise<Figure[]> {
  // Inside the project, where the built package finds the packages that it needs.
  const folder = await mkdtemp(join('node_modules', '.rekollect-bench-'));
  try {
    await run('node_modules/.bin/tsup', ['--no-dts', '--silent', '--out-dir', join(folder, 'dist')]);
    await cp('package.json', join(folder, 'package.json'));
    await symlink(resolve('src'), join(folder, 'src'), 'junction');
    const keep = async (name: string, bytes: Uint8Array) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    };
    const photo = await keep('two.jpg', two);
    const photos = await Promise.all(
      [large, ...samples, large, ...samples].map((bytes, i) => keep(`${i}.jpg`, bytes)),
    );

    const starts: number[] = [];
    const peaks: number[] = [];
    const stops: number[] = [];
    for (let i = 0; i < PROCESSES; i++) {
      const start = performance.now();
      await useModels(folder, [photo]);
      starts.push(performance.now() - start);
      const { peakMemory, longestStop } = await useModels(folder, photos);
      peaks.push(peakMemory);
      stops.push(longestStop);
    }
    return [
      { name: 'first answer of a new process', ours: median(starts), unit: 'ms', target: { atMost: 800 } },
      {
        name: 'peak memory with two workers',
        ours: median(peaks) / MEGABYTE,
        unit: 'MB',
        target: { atMost: 450 },
      },
      { name: 'longest stop of its event loop', ours: median(stops), unit: 'ms', target: { atMost: 20 } },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Analyses photos in a new process; comes back when it has said the first result. */
async function useModels(folder: string, photos: readonly string[]) {
  const script = new URL('./use-models.mjs', import.meta.url);
  const args = [script.pathname, join(folder, 'dist/local.js'), ...photos];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill();
  return JSON.parse(String(line)) as { peakMemory: number; longestStop: number };
}
