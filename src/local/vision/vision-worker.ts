import { parentPort, workerData } from 'node:worker_threads';
import type { Descriptors } from './descriptors.js';
import { Nets } from './inference.js';
import type { RuntimeName } from './runtime.js';
import { type SeeFacesRequest, seeFaces } from './see-faces.js';
import type { SeenFace } from './vision.js';
import { toFailure, type WorkerAnswer } from './worker-answer.js';

/** How a thread reads photos. */
export interface VisionSettings {
  descriptors: Descriptors;
  limitInputPixels: number;
  runtime: RuntimeName | undefined;
  /** How many threads a net may compute on, the worker's own included. */
  threads: number;
}

/** One photo to read. */
export interface VisionJob {
  image: Uint8Array;
  request: SeeFacesRequest;
}

/* The entry of a worker thread: reads one photo after another, with nets of its own. */

const { descriptors, limitInputPixels, runtime, threads }: VisionSettings = workerData;
const nets = new Nets(runtime, threads);

parentPort?.on('message', async ({ image, request }: VisionJob) => {
  let answer: WorkerAnswer<SeenFace[]>;
  try {
    answer = { result: await seeFaces(nets, image, limitInputPixels, descriptors, request) };
  } catch (error) {
    answer = { failure: toFailure(error) };
  }
  parentPort?.postMessage(answer);
});
