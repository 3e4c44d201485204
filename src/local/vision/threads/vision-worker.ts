import { workerData } from 'node:worker_threads';
import { checkInstalled, enginePackages } from '../../../packages.js';
import { type AnalysisSettings, analyzeFaces } from '../analyze-faces.js';
import { Nets } from '../runtime/inference.js';
import { loadedLibrary, loadRuntime, type RuntimeName } from '../runtime/runtime.js';
import type { VisionRequest } from '../vision.js';
import { runJobs, type ThreadData } from './worker-loop.js';

/** How a thread reads photos. */
export interface VisionSettings extends AnalysisSettings {
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

runJobs(async ({ image, request }: VisionJob, signal) => {
  checkInstalled('The local engine', enginePackages(settings.human, settings.runtime));
  return analyzeFaces(nets, image, settings, { ...request, signal });
}, loadRuntime(settings.runtime).then(loadedLibrary));
