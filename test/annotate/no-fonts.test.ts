import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rekollect-fonts-'));
  await writeFile(join(directory, 'empty.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>');
});

afterAll(() => rm(directory, { recursive: true }));

/** Draws in a process of its own, for the fonts of a process are found once. */
async function drawElsewhere(environment: NodeJS.ProcessEnv) {
  const script = `
    import { drawLabelText } from './src/annotate/label-text.ts';
    const widthOf = async (name) => (await drawLabelText({ name, detail: '' }, 20, 1000)).width;
    const widths = { narrow: await widthOf('iiii'), wide: await widthOf('WWWW') };
    process.stdout.write(JSON.stringify({ ...widths, file: process.env.FONTCONFIG_FILE }));`;
  const { stdout, stderr } = await run(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { env: { PATH: process.env.PATH, ...environment } },
  );
  return { ...JSON.parse(stdout), stderr };
}

it('writes letters where no font is installed, without a word on stderr', async () => {
  const drawn = await drawElsewhere({ FONTCONFIG_FILE: join(directory, 'empty.conf'), HOME: directory });
  expect(drawn.stderr).toBe('');
  // Without a font each letter is the same box.
  expect(drawn.wide).toBeGreaterThan(2 * drawn.narrow);
});

it.runIf(process.platform === 'linux')(
  'does so where not even a configuration is, and leaves none',
  async () => {
    const missing = join(directory, 'nothing-here.conf');
    const drawn = await drawElsewhere({ FONTCONFIG_FILE: missing, HOME: directory });
    expect(drawn).toMatchObject({ stderr: '', file: missing });
    expect(drawn.wide).toBeGreaterThan(2 * drawn.narrow);
  },
);
