import type { SendableImage } from '../sendable-image.js';
import { underSignal } from '../signals.js';
import type { DetectedFace, FaceMatch, UserMatch } from '../types.js';
import { advised, type CollectionScope } from './client.js';
import type { ImageMatchRequest, Searched, Unsearchable } from './searches.js';

/** What to search every face of an image for. */
export interface EveryFaceRequest extends ImageMatchRequest {
  by: 'users' | 'faces';
}

/** A face of an image, and everybody at the threshold who is like it. */
export type EveryFaceAnswer = { face: DetectedFace } & (Searched<FaceMatch | UserMatch> | Unsearchable);

/**
 * What a client may offer beside the commands of the SDK, as `LocalRekognition` does: `searchPhoto` takes one call of it
 * then, which decodes the photo and finds its faces once, in place of one for each face that is cut out.
 */
export interface OnePassClient {
  /** Every face of an image, the largest first, and whom it is like. */
  searchEveryFace(
    collectionId: string,
    image: SendableImage,
    request: EveryFaceRequest,
    options?: { abortSignal?: AbortSignal },
  ): Promise<EveryFaceAnswer[]>;
}

/** Searches every face of an image in one pass; `undefined` where the client offers no such thing. */
export function searchEveryFace(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: EveryFaceRequest,
  signal?: AbortSignal,
): Promise<EveryFaceAnswer[]> | undefined {
  const onePass = client as Partial<OnePassClient>;
  if (typeof onePass.searchEveryFace !== 'function') return undefined;
  const search = async (abortSignal: AbortSignal | undefined) =>
    onePass.searchEveryFace!(collectionId, image, request, abortSignal ? { abortSignal } : {});
  return underSignal(signal, search).catch((error) => {
    throw advised(error, { CollectionId: collectionId }, signal);
  });
}
