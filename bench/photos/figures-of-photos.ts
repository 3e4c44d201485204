import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { VisionPool } from '../../src/local/vision/threads/vision-pool.js';
import type { VisionRequest } from '../../src/local/vision/vision.js';
import { type Figure, median } from '../figures.js';
import type { PeerJob } from './peer-worker.js';
import { medianOf, type Rounds, sideBySide, speedup } from './side-by-side.js';
import type { TestPhotos } from './test-photos.js';

const FACES: VisionRequest = { attributes: false };
const VECTORS: VisionRequest = { vectors: 'to-search', attributes: false };
const ALL: VisionRequest = { vectors: 'to-search', attributes: true };

const WORKERS = 2;
/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 1;
/** The peer is spared the decoding and copying of a photo larger than its detector needs. */
const SHRUNK = 2048;

/** Times of a photo, photos in a second, and how long the event loop stood still meanwhile. */
export async function measurePhotos({ two, large, samples }: TestPhotos): Promise<Figure[]> {
  const peer = new VisionPool<number>(new URL('./peer-worker.ts', import.meta.url), {
    workers: WORKERS,
    limitPendingBytes: 2 ** 30,
    timeLimit: 600_000,
  });
  const ask = (job: PeerJob) => peer.run(() => ({ content: job }));

  // One photo at a time: one worker, whose nets have all cores. The peer can use one only.
  const models = new FaceModels({ workers: 1 });
  const plain = new FaceModels({ workers: 1, human: false });
  const figures = [
    compare(
      'faces of 1280 x 800',
      await sideBySide(5, {
        ours: () => plain.analyze(two, FACES),
        peer: () => ask({ image: two, task: 'detect' }),
      }),
    ),
    compare(
      'their vectors too, without attributes and mesh',
      await sideBySide(7, {
        ours: () => plain.analyze(two, VECTORS),
        peer: () => ask({ image: two, task: 'describe' }),
      }),
      15,
    ),
    compare(
      'all of 1280 x 800, 2 faces',
      await sideBySide(7, {
        ours: () => models.analyze(two, ALL),
        peer: () => ask({ image: two, task: 'analyze' }),
      }),
      10,
    ),
    compare(
      'the same, to keep, with vectors of profiles',
      await sideBySide(5, {
        ours: () => models.analyze(two, { ...ALL, vectors: 'to-keep' }),
        peer: () => ask({ image: two, task: 'analyze' }),
      }),
    ),
    compare(
      'all of 24 megapixels, 3 faces',
      await sideBySide(1, {
        ours: () => models.analyze(large, ALL),
        peer: () => ask({ image: large, task: 'analyze' }),
      }),
      15,
    ),
    // To know how much of it is owed to decoding; the target is that of the peer as it is.
    compare(
      `the same, peer at ${SHRUNK} pixels`,
      await sideBySide(3, {
        ours: () => models.analyze(large, ALL),
        peer: () => ask({ image: large, task: 'analyze', longSide: SHRUNK }),
      }),
    ),
  ];
  await Promise.all([models.close(), plain.close()]);

  const pair = new FaceModels({ workers: WORKERS });
  const delays: number[] = [];
  const throughput = await sideBySide(3, {
    async ours() {
      const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
      delay.enable();
      await Promise.all(samples.map((photo) => pair.analyze(photo, ALL)));
      delay.disable();
      delays.push(delay.max / 1e6);
    },
    peer: () => Promise.all(samples.map((image) => ask({ image, task: 'analyze' }))),
  });
  await Promise.all([pair.close(), peer.close()]);

  const perSecond = (name: 'ours' | 'peer') => (1000 * samples.length) / medianOf(throughput, name);
  return [
    ...figures,
    {
      name: `photos of 2.6 megapixels with ${WORKERS} workers`,
      ours: perSecond('ours'),
      peer: perSecond('peer'),
      unit: '/s',
      ratio: speedup(throughput, 'ours', 'peer'),
      target: { ratioAtLeast: 9 },
    },
    {
      // Of the rounds the median: what holds the loop up in one of them only was the machine.
      name: 'longest stop of the event loop',
      ours: median(delays),
      unit: 'ms',
      target: { atMost: 20 },
    },
  ];
}

function compare(name: string, rounds: Rounds<'ours' | 'peer'>, ratioAtLeast?: number): Figure {
  return {
    name,
    ours: medianOf(rounds, 'ours'),
    peer: medianOf(rounds, 'peer'),
    unit: 'ms',
    ratio: speedup(rounds, 'ours', 'peer'),
    ...(ratioAtLeast !== undefined && { target: { ratioAtLeast } }),
  };
}
