import { describe, expect, it } from 'vitest';
import { openDiskStore } from '../../src/local/store/disk.js';
import { Records } from '../../src/local/store/records.js';
import { startProcess } from '../support/processes.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory } from '../support/stores.js';

const KILLS = 4;

describe('a process that is killed', () => {
  it('loses nothing that was answered, and leaves nothing half made', async () => {
    const directory = await aDirectory();
    const answered: [string, ...string[]][] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const { process, lines, ended } = startProcess('test/support/busy-process.ts', [
        directory,
        `run${kill}`,
      ]);
      let heard = 0;
      for await (const line of lines) {
        answered.push(JSON.parse(line));
        // Each time in another phase of the work.
        if (++heard === 20 + 7 * kill) process.kill('SIGKILL');
      }
      await ended;

      const store = await openDiskStore(directory);
      expectSound(store, 'team');
      checkAnswers(new Records(store), answered);
      await store.close();
    }
    expect(answered.length).toBeGreaterThan(KILLS * 20);
  }, 120_000);

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

/** Everything that was answered is so, unless a later answer says otherwise. */
function checkAnswers(records: Records, answered: readonly [string, ...string[]][]): void {
  for (const [what, ...ids] of answered) {
    const face = (faceId = '') => records.findFace('team', faceId);
    if (what === 'user') expect(records.findUser('team', ids[0]!)).toBeDefined();
    if (what === 'faces') expect(ids.map((faceId) => face(faceId)?.faceId)).toEqual(ids);
    if (what === 'associated') expect(face(ids[1])?.userId).toBe(ids[0]);
    if (what === 'disassociated') expect(face(ids[0])?.userId).toBeUndefined();
    if (what === 'deleted') expect(face(ids[0])).toBeUndefined();
  }
}
