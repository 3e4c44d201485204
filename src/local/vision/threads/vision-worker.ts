import { parentPort, workerData } from 'node:worker_threads';
import { Nets } from '../runtime/inference.js';
import type { RuntimeName } from '../runtime/runtime.js';
import { type SeeFacesRequest, type SeeFacesSettings, seeFaces } from '../see-faces.js';
import type { SeenFace } from '../vision.js';
import { toFailure, type WorkerAnswer } from './worker-answer.js';

/** How a thread reads photos. */
export interface VisionSettings extends SeeFacesSettings {
  runtime: RuntimeName | undefined;
}

/** One photo to read. */
export interface VisionJob {
  image: Uint8Array;
  request: SeeFacesRequest;
}

/* The entry of a worker thread: reads one photo after another, with nets of its own. */

const settings: VisionSettings = workerData;
const nets = new Nets(settings.runtime);

parentPort?.on('message', async ({ image, request }: VisionJob) => {
  let answer: WorkerAnswer<SeenFace[]>;
  try {
    answer = { result: await seeFaces(nets, image, settings, request) };
  } catch (error) {
    answer = { failure: toFailure(error) };
  }
  parentPort?.postMessage(answer);
});
