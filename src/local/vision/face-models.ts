import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { checkBoolean, checkCount, checkOneOf, checkOptions, type OptionChecks } from '../../arguments.js';
import { InvalidArgumentError } from '../../errors.js';
import { DEFAULTS } from '../../limits.js';
import { HUMAN, isInstalled } from '../../packages.js';
import { threadEntry } from '../../thread-entry.js';
import {
  checkFaceVectorModel,
  type FaceVectorModel,
  MOBILE_FACE_NET,
  PROFILE_SPACE,
  spaceOf,
} from './embed/face-vector-model.js';
import { keepLibrary, type RuntimeName } from './runtime/runtime.js';
import { VisionPool } from './threads/vision-pool.js';
import type { VisionJob, VisionSettings } from './threads/vision-worker.js';
import type { AnalyzedFace, VectorSpace, Vision, VisionRequest } from './vision.js';

/** Which models see faces, and with how many threads. */
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
   * Most bytes of photos, encoded, that are being read or wait for it. More are refused with an `EngineBusyError`; a
   * single photo never is.
   *
   * @default 134_217_728, which 25 of the largest photos that requests may hold stay under
   */
  limitPendingBytes?: number | undefined;
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

const FACE_MODELS: OptionChecks<FaceModelsOptions> = {
  model: (_, value) => checkFaceVectorModel(value),
  human: checkBoolean,
  workers: checkCount,
  limitPendingBytes: checkCount,
  limitInputPixels: checkCount,
  runtime: (argument, value) => checkOneOf(argument, value, ['native', 'wasm']),
};

const MOST_WORKERS = 4;
const LIMIT_PENDING_BYTES = 2 ** 27;
/** Milliseconds for one photo. One with a hundred faces, every attribute asked for, takes some seconds. */
const TIME_LIMIT = 60_000;

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
  readonly #pool: VisionPool<AnalyzedFace[]>;

  constructor(options: FaceModelsOptions = {}) {
    checkOptions(options, FACE_MODELS);
    const {
      model = MOBILE_FACE_NET,
      human = isInstalled(HUMAN),
      workers = Math.min(availableParallelism(), MOST_WORKERS),
      limitPendingBytes = LIMIT_PENDING_BYTES,
      limitInputPixels = DEFAULTS.limitInputPixels,
      runtime,
    } = options;
    this.#pool = new VisionPool(threadEntry('local/vision/threads/vision-worker'), {
      workers,
      limitPendingBytes,
      timeLimit: TIME_LIMIT,
      onReady: keepLibrary,
      settings: {
        // A process may go elsewhere; the file stays where it was.
        model: model === MOBILE_FACE_NET ? model : { ...model, file: resolve(model.file) },
        human,
        limitInputPixels,
        runtime,
      } satisfies VisionSettings,
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
  async analyze(image: Uint8Array, { signal, ...request }: VisionRequest): Promise<AnalyzedFace[]> {
    if (!(image instanceof Uint8Array)) throw new InvalidArgumentError('image', image, "an image's bytes");
    const write = () => {
      // A copy of just these bytes is handed over; the caller's own buffer stays the caller's.
      const copy = new Uint8Array(image);
      return { content: { image: copy, request } satisfies VisionJob, transfer: [copy.buffer] };
    };
    return this.#pool.run(write, { bytes: image.length, signal });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
