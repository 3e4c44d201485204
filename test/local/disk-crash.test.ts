import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { type Answered, enrollForEver } from '../../bench/kills/enroll-for-ever.js';
import type { Serving } from '../../bench/kills/serving-process.js';
import { whatIsWrong } from '../../bench/kills/what-is-wrong.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { startProcess } from '../support/processes.js';
import { credentials } from '../support/served.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory } from '../support/stores.js';

const KILLS = 2;

async function expectAll(directory: string, answered: readonly Answered[]): Promise<void> {
  const store = await openDiskStore(directory);
  expectSound(store, 'team');
  expect(whatIsWrong(store, answered)).toEqual([]);
  await store.close();
}

// `npm run bench -- kills` does this a hundred times.
describe('a process that is killed', () => {
  it('loses nothing that was answered, and leaves nothing half made', async () => {
    const directory = await aDirectory();
    const answered: Answered[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const script = 'bench/kills/enrolling-process.ts';
      const { process, lines, ended } = startProcess(script, [directory, `run${kill}`]);
      let heard = 0;
      for await (const line of lines) {
        answered.push(JSON.parse(line));
        // Each time in another phase of the work.
        if (++heard === 20 + 17 * kill) process.kill('SIGKILL');
      }
      await ended;
      await expectAll(directory, answered);
    }
    expect(answered.length).toBeGreaterThan(KILLS * 20);
  }, 120_000);

  it('loses nothing that its server answered either', async () => {
    const directory = await aDirectory();
    const answered: Answered[] = [];
    const { process, lines, ended } = startProcess('bench/kills/serving-process.ts', [directory]);
    const { url: endpoint, photo } = JSON.parse((await lines.next()).value) as Serving;
    const client = new RekognitionClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
    const working = enrollForEver(client, Buffer.from(photo, 'base64'), 'run', (each) => {
      if (answered.push(each) === 23) process.kill('SIGKILL');
    });
    await expect(working).rejects.toThrow();
    await ended;
    client.destroy();
    await expectAll(directory, answered);
    expect(answered.length).toBeGreaterThanOrEqual(23);
  }, 60_000);

  it('in the middle of a change has changed nothing', async () => {
    const directory = await aDirectory();
    const { lines, ended } = startProcess('test/support/dying-process.ts', [directory]);
    expect(await lines.next()).toMatchObject({ value: 'answered' });
    await ended;
    const store = await openDiskStore(directory);
    expect([...store.keys('')]).toEqual(['answered']);
    await store.close();
  });
});
