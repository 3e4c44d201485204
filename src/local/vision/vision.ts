import type { BoundingBox, DetectedFace } from '../../types.js';

/**
 * The numbers that describe one face: one or more parts, each the output of one model, one after the other.
 * Which parts there are, and how they are weighed against each other, is the `VectorSpace`'s affair. The numbers of a
 * first part that could not be seen in the photo are all 0.
 */
export type FaceVector = Float32Array;

/** What one model adds to face vectors. */
export interface VectorPart {
  readonly name: string;
  /** How many numbers it has. */
  readonly length: number;
  /** How much its distance counts. */
  readonly weight: number;
  /**
   * How much its distance counts where the first part was not seen, 0 or more. A space in which a first part may be
   * missing has it on all parts after the first, other spaces on none.
   */
  readonly weightAlone?: number;
}

/**
 * How face vectors of one set of models are compared. Distance is the weighted sum of the Euclidean distances of
 * the parts: `Σ weight · ‖a − b‖`. Where the first part was not seen in one of the two, it is
 * `Σ weightAlone · ‖a − b‖` of the parts after it.
 */
export interface VectorSpace {
  /**
   * Names the models and the preparation of their input. It is kept with every stored vector: vectors of two
   * versions are never compared.
   */
  readonly version: string;
  readonly parts: readonly VectorPart[];
  /**
   * The similarity, 0 to 100, of a distance. Monotone: falls as the distance grows, and is 100 at 0.
   *
   * @param distance between two face vectors, or a face vector and a user vector; 0 and up
   * @param faces how many faces the vector that was searched against is made of: 1 for a face, 1 to 100 for a user
   */
  similarity(distance: number, faces: number): number;
}

/** Why a face is a poor one to recognise somebody by, as far as it was measured. */
export interface FaceQuality {
  /** Mean lightness of the face, 0 to 100. */
  brightness: number;
  /** 0 (blurred) to 100. */
  sharpness: number;
  /** How far the vector can be trusted, 0 (not at all) to 1; what `LOW_FACE_QUALITY` is decided by. */
  trust: number;
  /** Width and height of the face's box, in pixels of the upright photo. */
  size: { width: number; height: number };
}

/** A face that the models saw in a photo. */
export interface SeenFace {
  /** What goes into AWS's `FaceDetail`, in our words. Only what a model really told. */
  detail: DetectedFace & { boundingBox: BoundingBox; confidence: number };
  quality: FaceQuality;
  /** Present when `vectors` was asked for. */
  vector?: FaceVector;
}

/** What to find out about the faces of a photo. Finding them always comes first. */
export interface VisionRequest {
  /** Describe each face by a vector. */
  vectors: boolean;
  /** Read age, gender, emotions and the like, and all landmarks instead of five. */
  attributes: boolean;
  /** Describe no more than this many faces, the largest first. The others are still found. */
  maxFaces?: number;
  signal?: AbortSignal | undefined;
}

/**
 * The models behind the local engine: a photo in, its faces out. The one that ships runs real models in worker
 * threads; tests put declared faces in its place, and a team with stronger models brings its own.
 */
export interface Vision {
  readonly space: VectorSpace;
  /**
   * Every face of a photo, the one with the largest box first.
   *
   * @param image an encoded image, JPEG or PNG; EXIF orientation is applied, and boxes are ratios of the upright image
   * @throws UnreadableImageError when the bytes are no image
   */
  analyze(image: Uint8Array, request: VisionRequest): Promise<SeenFace[]>;
  /** Ends threads and frees models. Work in flight is finished first; later calls are refused. */
  close(): Promise<void>;
}
