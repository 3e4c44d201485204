import { parentPort } from 'node:worker_threads';
import type { Descriptors } from './descriptors.js';
import { Nets } from './inference.js';
import { type SeeFacesRequest, seeFaces } from './see-faces.js';
import type { SeenFace } from './vision.js';
import { toFailure, type WorkerAnswer } from './worker-answer.js';

/** One photo to read. */
export interface VisionJob {
  image: Uint8Array;
  limitInputPixels: number;
  descriptors: Descriptors;
  request: SeeFacesRequest;
}

/* The entry of a worker thread: reads one photo after another, with nets of its own. */

const nets = new Nets();

parentPort?.on('message', async ({ image, limitInputPixels, descriptors, request }: VisionJob) => {
  let answer: WorkerAnswer<SeenFace[]>;
  try {
    answer = { result: await seeFaces(nets, image, limitInputPixels, descriptors, request) };
  } catch (error) {
    answer = { failure: toFailure(error) };
  }
  parentPort?.postMessage(answer);
});
