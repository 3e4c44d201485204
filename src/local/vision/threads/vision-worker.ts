import { workerData } from 'node:worker_threads';
import { checkInstalled, enginePackages } from '../../../packages.js';
import { Nets } from '../runtime/inference.js';
import { loadedLibrary, loadRuntime, type RuntimeName } from '../runtime/runtime.js';
import { type SeeFacesSettings, seeFaces } from '../see-faces.js';
import type { VisionRequest } from '../vision.js';
import { answerJobs, type ThreadData } from './answer-jobs.js';

/** How a thread reads photos. */
export interface VisionSettings extends SeeFacesSettings {
  runtime: RuntimeName | undefined;
}

/** One photo to read. */
export interface VisionJob {
  image: Uint8Array;
  request: Omit<VisionRequest, 'signal'>;
}

/* The entry of a worker thread: reads one photo after another, with nets of its own. */

const settings = (workerData as ThreadData).settings as VisionSettings;
const nets = new Nets(settings.runtime);

answerJobs(async ({ image, request }: VisionJob, signal) => {
  checkInstalled('The local engine', enginePackages(settings.human, settings.runtime));
  return seeFaces(nets, image, settings, { ...request, signal });
}, loadRuntime(settings.runtime).then(loadedLibrary));
