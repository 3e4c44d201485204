import type { LimitFunction } from 'p-limit';
import { asError } from '../errors.js';
import { openPhoto, type Photo } from '../images/crop.js';
import type { ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readOnce } from '../images/read-once.js';
import { LIMITS } from '../limits.js';
import type { SendableImage } from '../sendable-image.js';
import type { CollectionScope } from '../service/client.js';
import { detectFaces } from '../service/detection.js';
import { searchEveryFace } from '../service/every-face.js';
import { type OutcomeRequest, outcomeOf, toAsk } from '../service/outcomes.js';
import {
  type ImageMatchRequest,
  type SearchAnswer,
  type SearchImage,
  searchFacesByImage,
  searchUsersByImage,
  tooPoor,
} from '../service/searches.js';
import { toDetectedFace } from '../service/shapes.js';
import type { DetectedFace, FaceMatch, QualityFilter, UserMatch } from '../types.js';
import type { FaceAnswer, FaceSearch } from './face-search.js';
import { searchInCrops } from './search-in-crops.js';
import { searchesOfUniqueUsers } from './unique-users.js';

/** Every face of a photo, in the order in which the service found them, and whom it is like. */
export interface PhotoSearch<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> {
  faces: readonly FaceSearch<Match>[];
}

export interface PhotoSearchRequest extends OutcomeRequest {
  by: 'users' | 'faces';
  /** Whether a user is given to one face of the photo at most. */
  uniqueUsers: boolean;
  qualityFilter: QualityFilter;
  /** Of searches of faces that were cut out. */
  limitCrops: LimitFunction;
  limitInputPixels: number | undefined;
}

/** A face of the photo, and its search if that came with finding it. */
interface FoundFace {
  face: DetectedFace;
  searched?: FaceAnswer;
}

/**
 * Finds every face of a photo and searches each: in one pass where the client offers that, or else by cutting each face
 * out, as many at a time as the limit lets.
 */
export async function searchPhoto(
  scope: CollectionScope,
  photo: ImageSource,
  request: PhotoSearchRequest,
  signal?: AbortSignal,
): Promise<PhotoSearch> {
  const source = readOnce(photo);
  const image = await toSendableImage(source, { signal, limitInputPixels: request.limitInputPixels });
  const asked = { ...toAskAmong(LIMITS.facesPerImage, request), by: request.by };
  const answers: readonly FaceAnswer[] =
    (await searchEveryFace(scope, image, asked, signal)) ??
    (await searchEachFace(scope, source, image, request, signal));
  return {
    faces: request.uniqueUsers
      ? searchesOfUniqueUsers(answers, request)
      : answers.map((answer) => toFaceSearch(answer, request)),
  };
}

/** @param faces how many the photo has, as far as that is known. Each may be left its last choice, or none. */
function toAskAmong(faces: number, request: PhotoSearchRequest): ImageMatchRequest {
  const people = request.uniqueUsers && faces > 1 ? faces + 1 : undefined;
  return { ...toAsk(request.by, request, people), qualityFilter: request.qualityFilter };
}

async function searchEachFace(
  scope: CollectionScope,
  source: ImageSource,
  image: SendableImage,
  request: PhotoSearchRequest,
  signal?: AbortSignal,
): Promise<FaceAnswer[]> {
  const searchAmong = (faces: number): SearchImage => {
    const asked = toAskAmong(faces, request);
    return (crop) =>
      request.by === 'users'
        ? searchUsersByImage(scope, crop, asked, signal)
        : searchFacesByImage(scope, crop, asked, signal);
  };
  const found =
    request.by === 'users'
      ? await findBySearching(image, searchAmong(LIMITS.facesPerImage))
      : await findByDetecting(
          image,
          searchAmong(1),
          () => detectFaces(scope.client, image, undefined, signal),
          signal,
        );

  const searchCrop = searchAmong(found.length);
  // Calls are limited, and cutting is not: the next faces are cut out while calls are in flight.
  const search: SearchImage = (crop) => request.limitCrops(() => searchCrop(crop));
  let opened: Promise<Photo> | undefined;
  const searches = found.map(({ face, searched }, index) => {
    if (searched) return searched;
    const neighbours = found.filter((_, other) => other !== index).map((other) => other.face.boundingBox);
    return settle(face, signal, async () => {
      opened ??= openPhoto(source, { signal, limitInputPixels: request.limitInputPixels });
      return toFaceAnswer(face, await searchInCrops(await opened, face.boundingBox, neighbours, search));
    });
  });
  return Promise.all(searches);
}

/**
 * One search of users answers the largest face and lists the others with their boxes: a portrait needs no second
 * call, and nothing needs a DetectFaces.
 */
async function findBySearching(image: SendableImage, search: SearchImage): Promise<FoundFace[]> {
  const answer = await search(image);
  const others = answer.unsearchedFaces.map((unsearched): FoundFace => {
    const { face } = unsearched;
    const poor = tooPoor(unsearched);
    return poor ? { face, searched: { status: 'unsearchable', face, ...poor } } : { face };
  });
  if (answer.status === 'unsearchable') return others;
  // A mock may answer matches and not whose they are; the service tells both.
  const face = answer.searchedFace ?? toDetectedFace({});
  return [{ face, searched: toFaceAnswer(face, answer) }, ...others];
}

/** A search of faces tells of no other face than the one it searched, so the faces have to be found first. */
async function findByDetecting(
  image: SendableImage,
  search: SearchImage,
  detect: () => Promise<DetectedFace[]>,
  signal: AbortSignal | undefined,
): Promise<FoundFace[]> {
  const faces = await detect();
  const [only] = faces;
  if (!only || faces.length > 1) return faces.map((face) => ({ face }));
  // Nobody else is there to be taken for it: the photo itself can be searched, and nothing is downloaded or cut.
  return [
    { face: only, searched: await settle(only, signal, async () => toFaceAnswer(only, await search(image))) },
  ];
}

function toFaceAnswer(face: DetectedFace, answer: SearchAnswer): FaceAnswer {
  const { searchedFace: _, unsearchedFaces: __, modelVersion: ___, ...rest } = answer;
  return { ...rest, face };
}

function toFaceSearch(answer: FaceAnswer, request: OutcomeRequest): FaceSearch {
  if (answer.status !== 'searched') return answer;
  const outcome = outcomeOf(answer.found, request);
  const { face } = answer;
  return outcome.status === 'unmatched' ? { face, ...outcome, reason: 'NOBODY_ALIKE' } : { face, ...outcome };
}

/** One failed face spoils no other. Giving up is not a failure of a face: it ends them all. */
async function settle(
  face: DetectedFace,
  signal: AbortSignal | undefined,
  search: () => Promise<FaceAnswer>,
): Promise<FaceAnswer> {
  signal?.throwIfAborted();
  try {
    return await search();
  } catch (error) {
    signal?.throwIfAborted();
    return { status: 'failed', face, error: asError(error) };
  }
}
