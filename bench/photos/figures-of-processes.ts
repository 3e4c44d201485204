import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
    const keep = async (name: string, bytes: Uint8Array) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    };
    const photo = await keep('two.jpg', two);
    const photos = await Promise.all(
      [large, ...samples, large, ...samples].map((bytes, i) => keep(`${i}.jpg`, bytes)),
    );

    const figures: Figure[] = [];
    for (const descriptors of ['dlib+faceres', 'dlib']) {
      const starts: number[] = [];
      const peaks: number[] = [];
      const stops: number[] = [];
      for (let i = 0; i < PROCESSES; i++) {
        const start = performance.now();
        await useModels(folder, descriptors, [photo]);
        starts.push(performance.now() - start);
        const { peakMemory, longestStop } = await useModels(folder, descriptors, photos);
        peaks.push(peakMemory);
        stops.push(longestStop);
      }
      figures.push(
        {
          name: `first answer of a new process, ${descriptors}`,
          ours: median(starts),
          unit: 'ms',
          target: { atMost: 1500 },
        },
        {
          name: `peak memory with two workers, ${descriptors}`,
          ours: median(peaks) / MEGABYTE,
          unit: 'MB',
          target: { atMost: 700 },
        },
        {
          name: `longest stop of its event loop, ${descriptors}`,
          ours: median(stops),
          unit: 'ms',
          target: { atMost: 20 },
        },
      );
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Analyses photos in a new process; comes back when it has said the first result. */
async function useModels(folder: string, descriptors: string, photos: readonly string[]) {
  const script = new URL('./use-models.mjs', import.meta.url);
  const child = spawn(
    process.execPath,
    [script.pathname, join(folder, 'dist/local.js'), descriptors, ...photos],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill();
  return JSON.parse(String(line)) as { peakMemory: number; longestStop: number };
}
