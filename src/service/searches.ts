import {
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import type { SendableImage } from '../sendable-image.js';
import type { DetectedFace, FaceMatch, QualityFilter, UserMatch } from '../types.js';
import { type CollectionScope, type CommandClient, isServiceError, send } from './client.js';
import { detectFaces } from './detection.js';
import {
  because,
  type QualityReason,
  type Rejection,
  toRejection,
  UNSEARCHED_REASONS,
  type UnsearchedReason,
} from './reasons.js';
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
export interface UnsearchedFace extends Rejection<UnsearchedReason> {
  face: DetectedFace;
}

/** Why nothing could be searched. */
export type UnsearchableReason =
  | 'NO_FACE'
  /** The user has no faces, so it has no vector. */
  | 'USER_WITHOUT_FACES'
  /** The image has a face, and the quality filter did not let it pass. */
  | QualityReason;

/** Nothing was searched. An answer, not an error: the photo may show a landscape. */
export interface Unsearchable extends Rejection<UnsearchableReason> {
  status: 'unsearchable';
}

/** What every answer has, whatever the outcome. */
export interface SearchDetails {
  /** The face of the image that was searched: its largest. Absent when an id was searched, or nothing. */
  searchedFace?: DetectedFace;
  /** The other faces of the image. Only a search of users tells them. */
  unsearchedFaces: readonly UnsearchedFace[];
  modelVersion?: string;
}

/** What was found, the most alike first: everybody at the threshold. */
export interface Searched<Match> {
  status: 'searched';
  found: readonly Match[];
}

/** The answer to one search. */
export type SearchAnswer<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> = (
  | Searched<Match>
  | Unsearchable
) &
  SearchDetails;

/** Searches the largest face of an image, among faces or among users. */
export type SearchImage = (image: SendableImage) => Promise<SearchAnswer>;

export function searchFacesByImage(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: ImageMatchRequest,
  signal?: AbortSignal,
): Promise<SearchAnswer<FaceMatch>> {
  return answeringFaceless(client, image, request, signal, async () => {
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
      status: 'searched' as const,
      found: (answer.FaceMatches ?? []).map(toFaceMatch),
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
): Promise<SearchAnswer<FaceMatch>> {
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
    status: 'searched' as const,
    found: (answer.FaceMatches ?? []).map(toFaceMatch),
    unsearchedFaces: [],
    modelVersion: answer.FaceModelVersion,
  });
}

export function searchUsersByImage(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: ImageMatchRequest,
  signal?: AbortSignal,
): Promise<SearchAnswer<UserMatch>> {
  return answeringFaceless(client, image, request, signal, async () => {
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
    const found = (answer.UserMatches ?? []).map(toUserMatch);
    const searched = answer.SearchedFace?.FaceDetail;
    const unsearchedFaces = (answer.UnsearchedFaces ?? []).map((unsearched) => ({
      face: toDetectedFace(unsearched.FaceDetails ?? {}),
      ...toRejection(unsearched.Reasons, UNSEARCHED_REASONS, 'FACE_NOT_LARGEST'),
    }));
    const [largest] = unsearchedFaces;
    const nothingSearched = largest ? (tooPoor(largest) ?? because('LOW_FACE_QUALITY')) : because('NO_FACE');
    return present({
      ...(searched || found.length > 0
        ? ({ status: 'searched', found } as const)
        : ({ status: 'unsearchable', ...nothingSearched } as const)),
      searchedFace: searched && toDetectedFace(searched),
      unsearchedFaces,
      modelVersion: answer.FaceModelVersion,
    });
  });
}

/** Why a face was too poor to be searched; undefined where it only was not the largest. */
export function tooPoor({ reasons, serviceReasons }: UnsearchedFace): Rejection<QualityReason> | undefined {
  const [reason, ...others] = reasons.filter((one) => one !== 'FACE_NOT_LARGEST');
  return reason && { reason, reasons: [reason, ...others], ...(serviceReasons && { serviceReasons }) };
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
): Promise<SearchAnswer<UserMatch>> {
  const command = new SearchUsersCommand({
    CollectionId: scope.collectionId,
    ...('faceId' in of ? { FaceId: of.faceId } : { UserId: of.userId }),
    UserMatchThreshold: request.threshold,
    MaxUsers: request.limit,
  });
  try {
    const answer = await send(scope.client, command, signal);
    return present({
      status: 'searched' as const,
      found: (answer.UserMatches ?? []).map(toUserMatch),
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
    return unsearchable('USER_WITHOUT_FACES');
  }
}

export function unsearchable(reason: UnsearchableReason): Unsearchable & SearchDetails {
  return { status: 'unsearchable', ...because(reason), unsearchedFaces: [] };
}

/**
 * Makes "no face" the answer that it is. SearchUsersByImage is documented to answer emptily, SearchFacesByImage
 * to throw. The sentence it throws is known for an image without faces; for one whose faces the quality filter
 * rejects it is not, so the faces are detected.
 */
async function answeringFaceless<Match extends FaceMatch | UserMatch>(
  client: CommandClient,
  image: SendableImage,
  { qualityFilter }: ImageMatchRequest,
  signal: AbortSignal | undefined,
  search: () => Promise<SearchAnswer<Match>>,
): Promise<SearchAnswer<Match>> {
  try {
    return await search();
  } catch (error) {
    if (!isServiceError(error, 'InvalidParameterException')) throw error;
    const saysNoFaces = /no faces in the image/i.test(error.message);
    if (saysNoFaces && qualityFilter === 'NONE') return unsearchable('NO_FACE');
    const faces = await detectFaces(client, image, undefined, signal);
    if (faces.length === 0) return unsearchable('NO_FACE');
    if (saysNoFaces || qualityFilter !== 'NONE') return unsearchable('LOW_FACE_QUALITY');
    throw error;
  }
}
