import { joined, unpackOne } from '../records/packed-vectors.js';
import type { FaceDetails, KeptSpace, NewFace } from '../records/records.js';
import type { ByView } from '../search/face-vectors.js';
import { type QuantizedVectors, quantizeVectors } from '../search/quantized-vectors.js';

/* What an exported collection consists of. */

/** What the first frame says. */
export interface ExportedCollection {
  readonly collectionId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly faceCount: number;
  readonly userCount: number;
  /** Of its vectors; none when there are no faces. */
  readonly spaces: ByView<KeptSpace>;
}

/** A user, and the faces it is made of. Its vector is made anew from theirs. */
export interface ExportedUser {
  readonly userId: string;
  readonly faceIds: readonly string[];
}

/** Faces which all have vectors of the same views, in their order: those from the front whole, others as bytes. */
export interface FacesFrame {
  readonly kind: 'faces';
  readonly faces: readonly FaceDetails[];
  readonly numbers?: Float32Array;
  readonly codes?: Int8Array;
  readonly scales?: Float32Array;
}

/** One record of the file. */
export type Frame =
  | { readonly kind: 'collection'; readonly collection: ExportedCollection }
  | FacesFrame
  | { readonly kind: 'users'; readonly users: readonly ExportedUser[] }
  | { readonly kind: 'end' };

/** @param faces one or more which all have vectors of the same views */
export function toFacesFrame(faces: readonly NewFace[]): FacesFrame {
  const front = faces.flatMap((face) => face.vectors.front ?? []);
  const profile = faces.flatMap((face) => face.vectors.profile ?? []);
  const { codes, scales } = profile.length > 0 ? quantizeVectors(profile) : ({} as Partial<QuantizedVectors>);
  return {
    kind: 'faces',
    faces: faces.map(({ vectors: _, ...face }) => face),
    ...(front.length > 0 && { numbers: joined(front) }),
    ...(codes && scales && { codes, scales }),
  };
}

export function facesOf({ faces, numbers, codes, scales }: FacesFrame): NewFace[] {
  return faces.map((face, i) => ({
    ...face,
    vectors: {
      ...(numbers && { front: unpackOne({ numbers }, faces.length, i) }),
      ...(codes && scales && { profile: unpackOne({ codes, scales }, faces.length, i) }),
    },
  }));
}
