import { FaceCollection, fromBuffer, type ImageSource } from 'rekollect';
import { expect, it, onTestFinished } from 'vitest';
import { underSignal } from '../src/signals.js';
import { aServer } from './support/served.js';

it('a signal may be given to many calls at a time without a warning of a leak', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { local, sdk, vision } = await aServer();
  const photo = fromBuffer(await vision.photo([{ person: 'ada' }]));
  const images = Array.from({ length: 15 }, (_, n): ImageSource => ({ ...photo, name: `photo ${n}` }));
  const { signal } = new AbortController();
  // The SDK listens to the signal that it is given, and so does the engine.
  for (const client of [local, sdk()]) {
    const team = new FaceCollection('team', { client });
    await team.create({ signal });
    await Promise.all(images.map((image) => team.detectFaces(image, { signal })));
    await Promise.all(images.map(() => team.listFaces({ signal }).all()));
    await team.enrollUser('ada', images, { signal, concurrency: 15 });
    await Promise.all(images.map(() => team.waitForUser('ada', { signal })));
  }
  expect(warnings).not.toContain('MaxListenersExceededWarning');
});

it('a task that does not heed its signal is not waited for', async () => {
  const reason = new Error('enough');
  const giveUp = new AbortController();
  const task = underSignal(giveUp.signal, () => new Promise(() => {}));
  giveUp.abort(reason);
  await expect(task).rejects.toBe(reason);
});

it('a task that is nearly done is waited for, and its word counts', async () => {
  const giveUp = new AbortController();
  let finish = (_: string) => {};
  const task = underSignal(
    giveUp.signal,
    () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      }),
    { finishMs: 60_000 },
  );
  giveUp.abort();
  finish('done');
  expect(await task).toBe('done');
});
