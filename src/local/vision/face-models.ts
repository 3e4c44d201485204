import { Nets } from './inference.js';
import { seeFaces } from './see-faces.js';
import { DLIB_SPACE } from './vector-space.js';
import type { SeenFace, Vision, VisionRequest } from './vision.js';

export interface FaceModelsOptions {
  /**
   * Photos with more pixels are refused as unreadable (`TOO_MANY_PIXELS`) before they are decoded.
   *
   * @default 100_000_000
   */
  limitInputPixels?: number;
}

export const FACE_MODELS_DEFAULTS = { limitInputPixels: 100_000_000 } as const;

/**
 * Real face models, run by ONNX Runtime. Needs the packages `onnxruntime-node` and `@vladmandic/face-api`; the
 * latter only for its weights, its code is never run.
 */
export class FaceModels implements Vision {
  readonly space = DLIB_SPACE;
  readonly #limitInputPixels: number;
  readonly #nets = new Nets();

  constructor(options: FaceModelsOptions = {}) {
    this.#limitInputPixels = options.limitInputPixels ?? FACE_MODELS_DEFAULTS.limitInputPixels;
  }

  async analyze(image: Uint8Array, { signal, ...request }: VisionRequest): Promise<SeenFace[]> {
    signal?.throwIfAborted();
    return seeFaces(this.#nets, image, this.#limitInputPixels, request);
  }

  async close(): Promise<void> {
    await this.#nets.close();
  }
}
