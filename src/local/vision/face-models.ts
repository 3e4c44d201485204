import { availableParallelism } from 'node:os';
import { checkCount } from '../../arguments.js';
import { InvalidArgumentError } from '../../errors.js';
import { isInstalled, threadEntry } from '../../packages.js';
import { DEFAULTS } from '../../service/limits.js';
import {
  checkFaceVectorModel,
  type FaceVectorModel,
  MOBILE_FACE_NET,
  PROFILE_SPACE,
  spaceOf,
} from './embed/face-vector-model.js';
import { HUMAN } from './runtime/models.js';
import { loadRuntime, type RuntimeName } from './runtime/runtime.js';
import { VisionPool } from './threads/vision-pool.js';
import type { VisionJob, VisionSettings } from './threads/vision-worker.js';
import type { SeenFace, VectorSpace, Vision, VisionRequest } from './vision.js';

export interface FaceModelsOptions {
  /**
   * What makes face vectors: `'mobilefacenet-1'`, or an ONNX file of your own.
   *
   * @default 'mobilefacenet-1'
   */
  model?: FaceVectorModel | undefined;
  /**
   * Uses the nets of the package `@vladmandic/human`, under their terms. Faces in full profile are then recognised too,
   * by vectors of their own; the pose is surer, and attributes tell whether eyes are open.
   *
   * @default true where that package is installed
   */
  human?: boolean | undefined;
  /**
   * Most worker threads; each reads one photo at a time, with nets of its own. They start when first needed.
   *
   * @default as many as there are cores, but at most 4
   */
  workers?: number | undefined;
  /**
   * Most photos that wait for a thread. More are refused with an `EngineBusyError`.
   *
   * @default 1000
   */
  queueLimit?: number | undefined;
  /**
   * Photos with more pixels are refused as unreadable (`TOO_MANY_PIXELS`), before they are decoded.
   *
   * @default 134_217_728
   */
  limitInputPixels?: number | undefined;
  /**
   * The build of ONNX Runtime: `'native'` (the package `onnxruntime-node`) or `'wasm'` (`onnxruntime-web`), which
   * runs everywhere, gives the same answers and is several times slower.
   *
   * @default 'native', or 'wasm' where the native one is not installed or cannot be loaded
   */
  runtime?: RuntimeName | undefined;
}

const MOST_WORKERS = 4;
const QUEUE_LIMIT = 1000;

/**
 * Real face models, run by ONNX Runtime in worker threads. Needs the packages `onnxruntime-node` (or
 * `onnxruntime-web`) and `@vladmandic/face-api`, the latter only for its weights, its code is never run.
 *
 * A process that forgets to `close` it still ends, once no photo is being read.
 *
 * @example
 * const models = new FaceModels();
 * const faces = await models.analyze(await readFile('party.jpg'), { vectors: 'to-search', attributes: false });
 * await models.close();
 */
export class FaceModels implements Vision {
  readonly space: VectorSpace;
  readonly profileSpace?: VectorSpace;
  readonly #pool: VisionPool<SeenFace[]>;

  constructor(options: FaceModelsOptions = {}) {
    const {
      model = MOBILE_FACE_NET,
      human = isInstalled(HUMAN),
      workers = Math.min(availableParallelism(), MOST_WORKERS),
      queueLimit = QUEUE_LIMIT,
      limitInputPixels = DEFAULTS.limitInputPixels,
      runtime,
    } = options;
    checkFaceVectorModel(model);
    if (typeof human !== 'boolean') throw new InvalidArgumentError('options.human', human, 'true or false');
    checkCount('options.workers', workers);
    checkCount('options.queueLimit', queueLimit);
    checkCount('options.limitInputPixels', limitInputPixels);
    checkRuntime(runtime);
    this.#pool = new VisionPool(threadEntry('local/vision/threads/vision-worker'), {
      workers,
      queueLimit,
      prepare: () => loadRuntime(runtime),
      workerData: { model, human, limitInputPixels, runtime } satisfies VisionSettings,
    });
    this.space = spaceOf(model);
    if (human) this.profileSpace = PROFILE_SPACE;
  }

  /**
   * Every face of a photo, the largest first.
   *
   * @param image an encoded photo. Its bytes are read when a thread is free, and must stay as they are until then.
   * @throws UnreadableImageError, MissingPackageError, InvalidArgumentError, EngineBusyError, EngineClosedError,
   *   EngineCrashedError, or the signal's reason
   */
  async analyze(image: Uint8Array, { signal, ...request }: VisionRequest): Promise<SeenFace[]> {
    if (!(image instanceof Uint8Array)) throw new InvalidArgumentError('image', image, "an image's bytes");
    const write = () => {
      // A copy of just these bytes is handed over; the caller's own buffer stays the caller's.
      const copy = new Uint8Array(image);
      return { content: { image: copy, request } satisfies VisionJob, transfer: [copy.buffer] };
    };
    return this.#pool.run(write, signal);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function checkRuntime(value: unknown): asserts value is RuntimeName | undefined {
  if (value !== undefined && value !== 'native' && value !== 'wasm')
    throw new InvalidArgumentError('options.runtime', value, "'native' or 'wasm'");
}
