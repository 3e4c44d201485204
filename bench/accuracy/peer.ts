import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MeasuredEngine } from './engine.js';

const PROCESSES = Math.min(2, availableParallelism());

/** `@vladmandic/face-api` as it ships: its own detector, alignment and descriptor, and the distance of its matcher. */
export const PEER: MeasuredEngine<Float32Array> = {
  name: '@vladmandic/face-api',
  hasThresholds: false,
  async describe(paths) {
    const described: Float32Array[][] = new Array(paths.length);
    let next = 0;
    await Promise.all(
      Array.from({ length: PROCESSES }, async () => {
        const worker = fork(fileURLToPath(new URL('./peer-process.ts', import.meta.url)), {
          serialization: 'advanced',
        });
        while (next < paths.length) {
          const place = next++;
          described[place] = await new Promise<Float32Array[]>((resolve, reject) => {
            worker.once('message', (vectors) => resolve(vectors as Float32Array[]));
            worker.once('exit', (code) => reject(new Error(`The peer ended (${code}) at ${paths[place]}.`)));
            worker.send(paths[place]!);
          });
          worker.removeAllListeners();
        }
        worker.kill();
      }),
    );
    return described;
  },
  /** `FaceMatcher` takes the mean of the distances to a person's descriptors. */
  compare: async (users, faces) =>
    faces.map((face) =>
      Float64Array.from(
        users,
        (user) => -user.reduce((sum, other) => sum + euclidean(face, other), 0) / user.length,
      ),
    ),
};

function euclidean(a: Float32Array, b: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares);
}
