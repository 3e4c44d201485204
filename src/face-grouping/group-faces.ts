import { streamBounded } from '../bounded.js';
import { asError } from '../errors.js';
import { intersectionOverUnion } from '../images/bounding-box.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readOnce } from '../images/read-once.js';
import type { FaceSearch } from '../photo-search/face-search.js';
import type { PhotoSearchRequest } from '../photo-search/search-photo.js';
import { settlePhoto, throwIfForEveryPhoto } from '../photo-search/search-photos.js';
import type { SearchedPhoto } from '../photo-search/searched-photo.js';
import type { CollectionScope } from '../service/client.js';
import { indexFaces } from '../service/faces.js';
import { type CallsPerSecond, pacedScope } from '../service/paced-client.js';
import { withScratchCollection } from '../service/scratch-collection.js';
import { listUsers } from '../service/users.js';
import type { DetectedFace, QualityFilter } from '../types.js';
import { findAlikeFaces, UNITS } from './alike-faces.js';
import { averageLinkage } from './average-linkage.js';
import type { FaceGroups, GroupingProgress, PhotoFace, UngroupedFace } from './face-groups.js';
import { type IndexedFace, toGroups } from './to-groups.js';

/** Pairs that are less alike than the threshold by more than this count nothing: listing them all changes little. */
const BELOW_THRESHOLD = 10;
/** The boxes of one face, found by two calls, agree at least so well (intersection over union). */
const SAME_FACE = 0.5;

/** Photos whose faces are to be grouped, and what came of searching them, where that was done. */
export type PhotosToGroup =
  | AsyncIterable<ImageSource | SearchedPhoto>
  | Iterable<ImageSource | SearchedPhoto>;

export interface GroupingRequest {
  faces: 'unknown' | 'all';
  threshold: number;
  qualityFilter: QualityFilter;
  concurrency: number;
  /** How to find out whether a face is a user's. */
  search: PhotoSearchRequest;
  pace: CallsPerSecond | 'none' | undefined;
  onProgress: ((progress: GroupingProgress) => void) | undefined;
}

/**
 * Groups faces into people, by a collection that is made for it: they are indexed, each is searched for, and those that
 * are alike are put together.
 */
export async function groupFaces(
  scope: CollectionScope,
  photos: PhotosToGroup,
  request: GroupingRequest,
  signal?: AbortSignal,
): Promise<FaceGroups> {
  const { concurrency, onProgress, threshold } = request;
  const team = await pacedScope(scope, request.pace);
  const isSearched = request.faces === 'unknown' && (await hasUsers(team, signal));
  const faces: IndexedFace[] = [];
  const left: Pick<ReadPhoto, 'ungrouped' | 'failed'> = { ungrouped: [], failed: [] };
  const progress = { photos: 0, failed: 0, faces: 0, known: 0, compared: 0 };

  const alike = await withScratchCollection(
    team.client,
    'Grouping',
    async (scratch) => {
      let count = 0;
      const read = streamBounded(photos, { concurrency, signal }, (entry, end) =>
        readPhoto(team, scratch, entry, count++, { ...request, isSearched }, end),
      );
      for await (const photo of read) {
        signal?.throwIfAborted();
        faces.push(...photo.faces);
        left.ungrouped.push(...photo.ungrouped);
        left.failed.push(...photo.failed);
        progress.photos += 1;
        progress.failed = left.failed.length;
        progress.faces = faces.length;
        progress.known += photo.known;
        onProgress?.({ ...progress });
      }
      signal?.throwIfAborted();
      // Of equally good ways to group them one is taken, and it should not depend on the order of the photos.
      faces.sort(byPlace);
      const onFace = () => {
        progress.compared += 1;
        onProgress?.({ ...progress });
      };
      const lowest = Math.max(0, threshold - BELOW_THRESHOLD);
      return findAlikeFaces(scratch, faces, lowest, { limit: request.search.limitCrops, onFace, signal });
    },
    signal,
  );
  const groups = averageLinkage(alike, Math.max(1, Math.round(threshold * UNITS)));
  return { ...toGroups(faces, alike, groups), ...left, known: progress.known };
}

async function hasUsers(scope: CollectionScope, signal: AbortSignal | undefined): Promise<boolean> {
  for await (const _user of listUsers(scope, signal)) return true;
  return false;
}

/** What came of one photo. */
interface ReadPhoto {
  faces: IndexedFace[];
  ungrouped: UngroupedFace[];
  known: number;
  failed: { photo: ImageSource; error: Error }[];
}

/** Finds out whose the faces of a photo are, and stores those that are to be grouped. */
async function readPhoto(
  team: CollectionScope,
  scratch: CollectionScope,
  entry: ImageSource | SearchedPhoto,
  photoNumber: number,
  request: GroupingRequest & { isSearched: boolean },
  signal: AbortSignal,
): Promise<ReadPhoto> {
  const { faces: which, search, qualityFilter, isSearched } = request;
  const nothing: ReadPhoto = { faces: [], ungrouped: [], known: 0, failed: [] };
  const given = isSearchedPhoto(entry) ? entry : undefined;
  const photo = given ? given.photo : (entry as ImageSource);
  checkImage(photo, 'each of photos');
  // To be searched and then to be stored.
  const source = readOnce(photo);
  const outcome = given ?? (isSearched ? await settlePhoto(team, source, search, signal) : undefined);
  if (outcome?.status === 'failed') return { ...nothing, failed: [{ photo, error: outcome.error }] };

  const searches = which === 'unknown' ? (outcome?.faces ?? []) : [];
  const known = searches.filter(isKnown).length;
  const ungrouped = searches.flatMap((found): UngroupedFace[] => {
    const { face, status } = found;
    if (status === 'failed') return [{ photo, face, status, error: found.error }];
    if (status !== 'unsearchable') return [];
    const { reason, reasons } = found;
    return [{ photo, face, status: 'poor', reason, reasons }];
  });
  // Everybody in it is accounted for.
  if (outcome && which === 'unknown' && searches.every((found) => !isUnknown(found)))
    return { ...nothing, known, ungrouped };

  try {
    const image = await toSendableImage(source, { signal, limitInputPixels: search.limitInputPixels });
    // A name for each photo, so that one that comes twice is stored twice.
    const name = { externalImageId: `photo-${photoNumber}`, qualityFilter };
    const indexed = await indexFaces(scratch, image, name, signal);
    const isToBeGrouped = (detail: DetectedFace) => {
      const found = searchOf(detail, searches);
      return !found || isUnknown(found);
    };
    return {
      faces: indexed.faces
        .filter(({ detail }) => isToBeGrouped(detail))
        .map(({ faceId, detail: face }) => ({ photo, face, faceId, photoNumber })),
      ungrouped: [
        ...ungrouped,
        ...indexed.rejected
          .filter(({ detail }) => isToBeGrouped(detail))
          .map(({ detail: face, ...why }) => ({ photo, face, status: 'poor' as const, ...why })),
      ],
      known,
      failed: [],
    };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asError(thrown);
    throwIfForEveryPhoto(error);
    return { ...nothing, failed: [{ photo, error }] };
  }
}

function isSearchedPhoto(entry: ImageSource | SearchedPhoto): entry is SearchedPhoto {
  return typeof entry === 'object' && entry !== null && 'status' in entry;
}

function isKnown({ status }: FaceSearch): boolean {
  return status === 'matched' || status === 'ambiguous';
}

function isUnknown({ status }: FaceSearch): boolean {
  return status === 'unmatched' || status === 'suggested';
}

/** The search of the face that has this box. */
function searchOf({ boundingBox }: DetectedFace, searches: readonly FaceSearch[]): FaceSearch | undefined {
  let agreement = SAME_FACE;
  let same: FaceSearch | undefined;
  for (const found of searches) {
    const overlap = intersectionOverUnion(found.face.boundingBox, boundingBox);
    if (overlap < agreement) continue;
    agreement = overlap;
    same = found;
  }
  return same;
}

function byPlace(a: PhotoFace, b: PhotoFace): number {
  const [one, other] = [a.face.boundingBox, b.face.boundingBox];
  if (a.photo.name !== b.photo.name) return a.photo.name < b.photo.name ? -1 : 1;
  return one.left - other.left || one.top - other.top;
}
