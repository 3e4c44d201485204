import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { VisionPool } from '../../src/local/vision/threads/vision-pool.js';
import type { VisionRequest } from '../../src/local/vision/vision.js';
import { type Figure, median } from '../figures.js';
import type { PeerJob } from './peer-worker.js';
import { medianOf, type Rounds, sideBySide, speedup } from './side-by-side.js';
import type { TestPhotos } from './test-photos.js';

const FACES_ONLY: VisionRequest = { vectors: false, attributes: false };
const ALL: VisionRequest = { vectors: true, attributes: true };

const WORKERS = 2;
/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 1;
/** The peer is spared the decoding and copying of a photo larger than its detector needs. */
const SHRUNK = 2048;

/** What is to be reached, in ratio to the peer: it has one descriptor, and we one or two. */
const SPEEDUP = { fused: 3, dlib: 5 };
const THROUGHPUT = { fused: 3, dlib: 4 };

/** Times of a photo, photos in a second, and how long the event loop stood still meanwhile. */
export async function measurePhotos({ two, large, samples }: TestPhotos): Promise<Figure[]> {
  const fused = new FaceModels({ workers: WORKERS });
  const dlib = new FaceModels({ workers: WORKERS, descriptors: 'dlib' });
  const peer = new VisionPool<number>(new URL('./peer-worker.ts', import.meta.url), {
    workers: WORKERS,
    queueLimit: 1000,
  });
  const ask = (job: PeerJob) => peer.run(() => ({ content: job }));

  // One photo at a time: one worker, whose nets have all cores. The peer can use one only.
  const alone = {
    fused: new FaceModels({ workers: 1 }),
    dlib: new FaceModels({ workers: 1, descriptors: 'dlib' }),
  };
  const detection = await sideBySide(5, {
    ours: () => alone.dlib.analyze(two, FACES_ONLY),
    peer: () => ask({ image: two, task: 'detect' }),
  });
  const analysis = await sideBySide(7, {
    fused: () => alone.fused.analyze(two, ALL),
    dlib: () => alone.dlib.analyze(two, ALL),
    peer: () => ask({ image: two, task: 'analyze' }),
  });
  const ofLarge = await sideBySide(3, {
    fused: () => alone.fused.analyze(large, ALL),
    dlib: () => alone.dlib.analyze(large, ALL),
    peer: () => ask({ image: large, task: 'analyze', longSide: SHRUNK }),
  });
  const ofWhole = await sideBySide(1, {
    fused: () => alone.fused.analyze(large, ALL),
    dlib: () => alone.dlib.analyze(large, ALL),
    peer: () => ask({ image: large, task: 'analyze' }),
  });
  await Promise.all([alone.fused.close(), alone.dlib.close()]);

  const delays: number[] = [];
  const watched = (models: FaceModels) => async () => {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    delay.enable();
    await Promise.all(samples.map((photo) => models.analyze(photo, ALL)));
    delay.disable();
    delays.push(delay.max / 1e6);
  };
  const throughput = await sideBySide(3, {
    fused: watched(fused),
    dlib: watched(dlib),
    peer: () => Promise.all(samples.map((image) => ask({ image, task: 'analyze' }))),
  });
  await Promise.all([fused, dlib, peer].map((models) => models.close()));

  const perSecond = (rounds: Rounds<'fused' | 'dlib' | 'peer'>, name: 'fused' | 'dlib' | 'peer') =>
    (1000 * samples.length) / medianOf(rounds, name);
  const comparisons = (name: string, rounds: Rounds<'fused' | 'dlib' | 'peer'>, hasTarget = true) =>
    (['fused', 'dlib'] as const).map(
      (engine): Figure => ({
        name: `${name}, ${DESCRIPTORS[engine]}`,
        ours: medianOf(rounds, engine),
        peer: medianOf(rounds, 'peer'),
        unit: 'ms',
        ratio: speedup(rounds, engine, 'peer'),
        ...(hasTarget && { target: { ratioAtLeast: SPEEDUP[engine] } }),
      }),
    );
  return [
    {
      name: 'faces of 1280 x 800',
      ours: medianOf(detection, 'ours'),
      peer: medianOf(detection, 'peer'),
      unit: 'ms',
      ratio: speedup(detection, 'ours', 'peer'),
    },
    ...comparisons('all of 1280 x 800, 2 faces', analysis),
    ...comparisons('all of 24 megapixels, 3 faces', ofWhole),
    // To know how much of it is owed to decoding; the target is that of the peer as it is.
    ...comparisons(`the same, peer at ${SHRUNK} pixels`, ofLarge, false),
    ...(['fused', 'dlib'] as const).map(
      (engine): Figure => ({
        name: `photos with ${WORKERS} workers, ${DESCRIPTORS[engine]}`,
        ours: perSecond(throughput, engine),
        peer: perSecond(throughput, 'peer'),
        unit: '/s',
        ratio: speedup(throughput, engine, 'peer'),
        target: { ratioAtLeast: THROUGHPUT[engine] },
      }),
    ),
    {
      // Of the rounds the median: what holds the loop up in one of them only was the machine.
      name: 'longest stop of the event loop',
      ours: median(delays),
      unit: 'ms',
      target: { atMost: 20 },
    },
  ];
}

const DESCRIPTORS = { fused: 'both descriptors', dlib: 'one descriptor' };
