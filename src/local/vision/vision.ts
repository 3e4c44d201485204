import type { BoundingBox, DetectedFace } from '../../types.js';

/** The numbers by which one model describes one face. */
export type FaceVector = Float32Array;

/** How the face vectors of one model are compared. */
export interface VectorSpace {
  /**
   * Names the model and the preparation of its input. It is kept with every collection: vectors of two versions are
   * never compared.
   */
  readonly version: string;
  /** How many numbers a vector has. */
  readonly length: number;
  /**
   * `'cosine'`: only the direction of a vector counts. Vectors have length 1, the mean of a user's faces is scaled to
   * it, and distance is `1 − cosine`, 0 to 2. `'euclidean'`: vectors are taken as they come.
   */
  readonly metric: 'cosine' | 'euclidean';
  /**
   * The similarity, 0 to 100, of a distance, whether to a face or to a user. Monotone: falls as the distance grows,
   * and is 100 at 0.
   */
  similarity(distance: number): number;
}

/** Why a face is a poor one to recognise somebody by, as far as it was measured. */
export interface FaceQuality {
  /** Mean lightness of the face, 0 to 100. */
  brightness: number;
  /** 0 (blurred) to 100. */
  sharpness: number;
  /** How good its vector is to recognise somebody by, 0 (of no use) to 1; what `LOW_FACE_QUALITY` is decided by. */
  vectorQuality: number;
  /** Width and height of the face's box, in pixels of the upright photo. */
  size: { width: number; height: number };
}

/** A face in a photo, and all that was asked for about it. */
export interface AnalyzedFace {
  /** What goes into AWS's `FaceDetail`, in our words. Without what no model answers. */
  detail: DetectedFace & { boundingBox: BoundingBox; confidence: number };
  quality: FaceQuality;
  /** In `space`. Present when it was asked for, and the face is seen from the front. */
  vector?: FaceVector;
  /**
   * In `profileSpace`. Present where there is one, and it was asked for: of every face that is to be kept, of a face
   * to search only when it has no `vector`.
   */
  profileVector?: FaceVector;
}

/** What to find out about the faces of a photo. Finding them always comes first. */
export interface VisionRequest {
  /**
   * Describe each face by vectors: as many as it takes to search for it now, or all there are, to keep it.
   *
   * @default none
   */
  vectors?: 'to-search' | 'to-keep' | undefined;
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
   * Of a second model, for faces in full profile, which are compared by it alone.
   *
   * @default none: faces in profile are found, and not recognised
   */
  readonly profileSpace?: VectorSpace | undefined;
  /**
   * Every face of a photo, the largest first.
   *
   * @param image an encoded image, JPEG or PNG; EXIF orientation is applied, and boxes are ratios of the upright image
   * @throws UnreadableImageError when the bytes are no image
   */
  analyze(image: Uint8Array, request: VisionRequest): Promise<AnalyzedFace[]>;
  /** Ends threads and frees models. Work in flight is finished first; later calls are refused. */
  close(): Promise<void>;
}
