import pLimit from 'p-limit';
import { asError } from '../errors.js';
import { openPhoto, type Photo } from '../images/crop.js';
import type { ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readOnce } from '../images/read-once.js';
import type { SendableImage } from '../sendable-image.js';
import type { CollectionScope } from '../service/client.js';
import { detectFaces } from '../service/detection.js';
import {
  type ImageMatchRequest,
  type SearchImage,
  type SearchOutcome,
  type SearchResult,
  searchFacesByImage,
  searchUsersByImage,
  tooPoor,
} from '../service/searches.js';
import { toDetectedFace } from '../service/shapes.js';
import type { DetectedFace, FaceMatch, UserMatch } from '../types.js';
import { searchInCrops } from './search-in-crops.js';

/** What came of searching one face of a photo. */
export type FaceSearch<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> = {
  face: DetectedFace;
} & (SearchOutcome<Match> | { status: 'failed'; error: Error });

/** Every face of a photo, in the order in which the service found them, and whom it is like. */
export interface PhotoSearch<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> {
  faces: readonly FaceSearch<Match>[];
}

export interface PhotoSearchRequest extends ImageMatchRequest {
  by: 'users' | 'faces';
  concurrency: number;
  limitInputPixels: number | undefined;
}

/** A face of the photo, and its search if that came with finding it. */
interface FoundFace {
  face: DetectedFace;
  searched?: FaceSearch;
}

/** Finds every face of a photo and searches each, with at most `concurrency` calls in flight. */
export async function searchPhoto(
  scope: CollectionScope,
  photo: ImageSource,
  request: PhotoSearchRequest,
  signal?: AbortSignal,
): Promise<PhotoSearch> {
  const source = readOnce(photo);
  const limits = { signal, limitInputPixels: request.limitInputPixels };
  const search: SearchImage = (image) =>
    request.by === 'users'
      ? searchUsersByImage(scope, image, request, signal)
      : searchFacesByImage(scope, image, request, signal);

  const image = await toSendableImage(source, limits);
  const found =
    request.by === 'users'
      ? await findBySearching(image, search)
      : await findByDetecting(
          image,
          search,
          () => detectFaces(scope.client, image, undefined, signal),
          signal,
        );

  let opened: Promise<Photo> | undefined;
  const limit = pLimit(request.concurrency);
  const searches = found.map(({ face, searched }, index) =>
    limit(async () => {
      if (searched) return searched;
      const neighbours = found.filter((_, other) => other !== index).map((other) => other.face.boundingBox);
      return settle(face, signal, async () => {
        opened ??= openPhoto(source, limits);
        return toFaceSearch(face, await searchInCrops(await opened, face.boundingBox, neighbours, search));
      });
    }),
  );
  return { faces: await Promise.all(searches) };
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
  return [{ face, searched: toFaceSearch(face, answer) }, ...others];
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
    { face: only, searched: await settle(only, signal, async () => toFaceSearch(only, await search(image))) },
  ];
}

function toFaceSearch(face: DetectedFace, answer: SearchResult): FaceSearch {
  const { searchedFace: _, unsearchedFaces: __, modelVersion: ___, ...outcome } = answer;
  return { ...outcome, face };
}

/** One failed face spoils no other. Giving up is not a failure of a face: it ends them all. */
async function settle(
  face: DetectedFace,
  signal: AbortSignal | undefined,
  search: () => Promise<FaceSearch>,
): Promise<FaceSearch> {
  signal?.throwIfAborted();
  try {
    return await search();
  } catch (error) {
    signal?.throwIfAborted();
    return { status: 'failed', face, error: asError(error) };
  }
}
