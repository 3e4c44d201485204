import type { FACE_ATTRIBUTES, QUALITY_FILTERS } from './limits.js';

/** A rectangle in a picture, as ratios of the width and height of the *upright* image (may reach past 0 or 1). */
export interface BoundingBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A point of a face, by AWS's names. In its answers `eyeLeft` is the eye on the left of an upright picture. */
export interface Landmark {
  type: string;
  /** Ratio of the image's width. */
  x: number;
  /** Ratio of the image's height. */
  y: number;
}

/** How a head is turned, in degrees, each -180 to 180. Pitch above 0 looks up. */
export interface Pose {
  roll?: number;
  yaw?: number;
  pitch?: number;
}

/** How good the picture of the face is, each 0 to 100. */
export interface ImageQuality {
  brightness?: number;
  sharpness?: number;
}

/** A yes or no that the model read from a face, with its confidence of 0 to 100. */
export interface Claim<Value = boolean> {
  value: Value;
  confidence?: number;
}

/** What can be asked about a face beside its box, landmarks, pose and quality. `ALL` asks for everything. */
export type FaceAttribute = (typeof FACE_ATTRIBUTES)[number];

/** A face seen in an image, not stored. Members that the service did not answer are absent. */
export interface DetectedFace {
  boundingBox: BoundingBox;
  /** How sure the detector is that this is a face, 0 to 100. */
  confidence?: number;
  landmarks?: readonly Landmark[];
  pose?: Pose;
  quality?: ImageQuality;
  ageRange?: { low: number; high: number };
  gender?: Claim<'Male' | 'Female'>;
  smile?: Claim;
  eyesOpen?: Claim;
  mouthOpen?: Claim;
  eyeglasses?: Claim;
  sunglasses?: Claim;
  beard?: Claim;
  mustache?: Claim;
  faceOccluded?: Claim;
  emotions?: readonly { type: string; confidence: number }[];
  eyeDirection?: { yaw?: number; pitch?: number; confidence?: number };
}

/** One face stored in a collection. */
export interface Face {
  faceId: string;
  /** Where the face was in the image it was indexed from. */
  boundingBox?: BoundingBox;
  /** How sure the detector was that this is a face, 0 to 100. */
  confidence?: number;
  /** The image it came from, as the service numbers images. */
  imageId?: string;
  /** The image it came from: the id given to `indexFaces`, or one that `enrollUser` makes of its content. */
  externalImageId?: string;
  /** The caller's name for the photo it was enrolled from, see `ImageSource`. */
  photoName?: string;
  /** The user it is associated to. */
  userId?: string;
  /** The face model that made its vector. */
  modelVersion?: string;
}

/**
 * - `CREATED`: has no faces yet.
 * - `UPDATING`: its vector is being made; searches may or may not see the change.
 * - `ACTIVE`: its vector stands for all its faces.
 */
export type UserStatus = 'ACTIVE' | 'UPDATING' | 'CREATING' | 'CREATED';

/** A person made of one or more faces. */
export interface User {
  userId: string;
  status?: UserStatus;
}

/** A stored face, and how alike it is: 0 to 100, higher is closer. */
export interface FaceMatch extends Face {
  similarity: number;
}

/** A user, and how alike it is: 0 to 100, higher is closer. */
export interface UserMatch extends User {
  similarity: number;
}

/** How strict to be about poor faces: dark, blurred, turned away, small. */
export type QualityFilter = (typeof QUALITY_FILTERS)[number];

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. For a time limit, `AbortSignal.timeout(ms)`. */
  signal?: AbortSignal | undefined;
}

/** How many of how many are done, and the last of them. */
export interface Progress<Item> {
  done: number;
  total: number;
  latest: Item;
}

/** An object in S3 that the service can read in place. */
export interface S3ObjectReference {
  bucket: string;
  key: string;
  version?: string | undefined;
}
