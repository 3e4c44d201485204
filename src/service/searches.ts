import {
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import type { SendableImage } from '../sendable-image.js';
import type { DetectedFace, FaceMatch, QualityFilter, QualityReason, UserMatch } from '../types.js';
import { type CollectionScope, type CommandClient, isServiceError, send } from './client.js';
import { detectFaces } from './detection.js';
import { present, toDetectedFace, toFaceMatch, toImage, toUserMatch } from './shapes.js';
import { findUser } from './users.js';

/** How alike a match must be, and how many are wanted. */
export interface MatchRequest {
  threshold: number;
  limit: number;
}

/** The same for a search that starts from an image. */
export interface ImageMatchRequest extends MatchRequest {
  qualityFilter: QualityFilter;
}

/** A face of the image that was not searched, and why: it was not the largest, or too poor. */
export interface UnsearchedFace {
  face: DetectedFace;
  reasons: readonly ('FACE_NOT_LARGEST' | QualityReason)[];
}

/** Why nothing could be searched. */
export type NotSearchedReason =
  | 'NO_FACE'
  /** The image has faces, and none passed the quality filter. */
  | 'NO_FACE_OF_THIS_QUALITY'
  /** The user has no faces, so it has no vector. */
  | 'USER_WITHOUT_FACES';

/** The answer to one search. */
export interface SearchResult<Match extends FaceMatch | UserMatch> {
  /** At or above the threshold, the most alike first. */
  matches: readonly Match[];
  /** The face of the image that was searched: its largest. Absent when an id was searched, or when `reason` is set. */
  searchedFace?: DetectedFace;
  /** The other faces of the image. Only a search of users tells them. */
  unsearchedFaces: readonly UnsearchedFace[];
  /** Set when nothing was searched. An answer, not an error: the photo may show a landscape. */
  reason?: NotSearchedReason;
  modelVersion?: string;
}

/** Searches the largest face of an image, among faces or among users. */
export type SearchImage = (image: SendableImage) => Promise<SearchResult<FaceMatch | UserMatch>>;

export function searchFacesByImage(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: ImageMatchRequest,
  signal?: AbortSignal,
): Promise<SearchResult<FaceMatch>> {
  return emptyWithoutFaces(client, image, request, signal, async () => {
    const answer = await send(
      client,
      new SearchFacesByImageCommand({
        CollectionId: collectionId,
        Image: toImage(image),
        FaceMatchThreshold: request.threshold,
        MaxFaces: request.limit,
        QualityFilter: request.qualityFilter,
      }),
      signal,
    );
    const { SearchedFaceBoundingBox: box, SearchedFaceConfidence: confidence } = answer;
    return present({
      matches: (answer.FaceMatches ?? []).map(toFaceMatch),
      searchedFace: box && toDetectedFace({ BoundingBox: box, Confidence: confidence }),
      unsearchedFaces: [],
      modelVersion: answer.FaceModelVersion,
    });
  });
}

/** The faces like a stored one. The stored one itself is not among them. */
export async function searchFacesById(
  { client, collectionId }: CollectionScope,
  faceId: string,
  request: MatchRequest,
  signal?: AbortSignal,
): Promise<SearchResult<FaceMatch>> {
  const answer = await send(
    client,
    new SearchFacesCommand({
      CollectionId: collectionId,
      FaceId: faceId,
      FaceMatchThreshold: request.threshold,
      MaxFaces: request.limit,
    }),
    signal,
  );
  return present({
    matches: (answer.FaceMatches ?? []).map(toFaceMatch),
    unsearchedFaces: [],
    modelVersion: answer.FaceModelVersion,
  });
}

export function searchUsersByImage(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: ImageMatchRequest,
  signal?: AbortSignal,
): Promise<SearchResult<UserMatch>> {
  return emptyWithoutFaces(client, image, request, signal, async () => {
    const answer = await send(
      client,
      new SearchUsersByImageCommand({
        CollectionId: collectionId,
        Image: toImage(image),
        UserMatchThreshold: request.threshold,
        MaxUsers: request.limit,
        QualityFilter: request.qualityFilter,
      }),
      signal,
    );
    const matches = (answer.UserMatches ?? []).map(toUserMatch);
    const searched = answer.SearchedFace?.FaceDetail;
    const unsearchedFaces = (answer.UnsearchedFaces ?? []).map((unsearched) => ({
      face: toDetectedFace(unsearched.FaceDetails ?? {}),
      reasons: unsearched.Reasons ?? [],
    }));
    const nothingSearched: NotSearchedReason =
      unsearchedFaces.length > 0 ? 'NO_FACE_OF_THIS_QUALITY' : 'NO_FACE';
    return present({
      matches,
      searchedFace: searched && toDetectedFace(searched),
      unsearchedFaces,
      reason: searched || matches.length > 0 ? undefined : nothingSearched,
      modelVersion: answer.FaceModelVersion,
    });
  });
}

/**
 * The users like a stored face or a user. A user is not among the matches of its own; the user of a face is,
 * with similarity 100.
 */
export async function searchUsersById(
  scope: CollectionScope,
  of: { faceId: string } | { userId: string },
  request: MatchRequest,
  signal?: AbortSignal,
): Promise<SearchResult<UserMatch>> {
  const command = new SearchUsersCommand({
    CollectionId: scope.collectionId,
    ...('faceId' in of ? { FaceId: of.faceId } : { UserId: of.userId }),
    UserMatchThreshold: request.threshold,
    MaxUsers: request.limit,
  });
  try {
    const answer = await send(scope.client, command, signal);
    return present({
      matches: (answer.UserMatches ?? []).map(toUserMatch),
      unsearchedFaces: [],
      modelVersion: answer.FaceModelVersion,
    });
  } catch (error) {
    // What the service says of a user without a vector is not documented; both errors have other causes too.
    if (
      !('userId' in of) ||
      !isServiceError(error, 'InvalidParameterException', 'ResourceNotFoundException')
    ) {
      throw error;
    }
    const user = await findUser(scope, of.userId, signal);
    if (user?.status !== 'CREATED') throw error;
    return { matches: [], unsearchedFaces: [], reason: 'USER_WITHOUT_FACES' };
  }
}

/**
 * Makes "no face" the answer that it is. SearchUsersByImage is documented to answer emptily, SearchFacesByImage
 * to throw. The sentence it throws is known for an image without faces; for one whose faces the quality filter
 * refuses it is not, so we look.
 */
async function emptyWithoutFaces<Match extends FaceMatch | UserMatch>(
  client: CommandClient,
  image: SendableImage,
  { qualityFilter }: ImageMatchRequest,
  signal: AbortSignal | undefined,
  search: () => Promise<SearchResult<Match>>,
): Promise<SearchResult<Match>> {
  try {
    return await search();
  } catch (error) {
    if (!isServiceError(error, 'InvalidParameterException')) throw error;
    const saysNoFaces = /no faces in the image/i.test(error.message);
    const empty = (reason: NotSearchedReason) => ({ matches: [], unsearchedFaces: [], reason });
    if (saysNoFaces && qualityFilter === 'NONE') return empty('NO_FACE');
    const faces = await detectFaces(client, image, undefined, signal);
    if (faces.length === 0) return empty('NO_FACE');
    if (saysNoFaces || qualityFilter !== 'NONE') return empty('NO_FACE_OF_THIS_QUALITY');
    throw error;
  }
}
