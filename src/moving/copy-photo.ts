import { contentIdsOfBytes } from '../enrollment/content-id.js';
import { isAboutTheImage } from '../enrollment/index-images.js';
import { asError, isRekollectError } from '../errors.js';
import type { ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readImage } from '../images/read-image.js';
import { readOnce } from '../images/read-once.js';
import type { SendableImage } from '../sendable-image.js';
import type { CollectionScope } from '../service/client.js';
import { deleteFaces, type IndexedImage, indexFaces } from '../service/faces.js';
import { persistently } from '../service/persistence.js';
import type { Face } from '../types.js';
import { matchFaces } from './match-faces.js';
import type { MoveRequest } from './move.js';
import type { NoCopy, PhotoCopy, StoredFace, StoredPhoto } from './move-listing.js';

/**
 * Indexes a photo in the other collection under the external id that it has, and keeps those faces only that the
 * collection has of it: by where they are, so that nobody comes back who was erased or never meant. Safe to run again;
 * what is there already takes no call.
 *
 * @param whyMissing why a face has no copy where its photo is not at hand
 */
export async function copyPhoto(
  to: CollectionScope,
  photo: StoredPhoto,
  { qualityFilter, limitInputPixels }: MoveRequest,
  whyMissing: (face: StoredFace) => NoCopy,
  signal?: AbortSignal,
): Promise<PhotoCopy> {
  const { image, externalImageId, faces, copies } = photo;
  const copied = new Map<StoredFace, Face | NoCopy>(matchFaces(faces, copies));
  // Nobody's faces of a photo that are none of the collection's were left by a move that was interrupted.
  await deleteAll(
    to,
    copies.filter((face) => face.userId === undefined && !isAmong(copied, face)),
    signal,
  );
  const missing = faces.filter((face) => !copied.has(face));
  const noneFor = (why: (face: StoredFace) => NoCopy) => {
    for (const face of missing) if (!copied.has(face)) copied.set(face, why(face));
    return copied;
  };
  if (missing.length === 0 || !image) return noneFor(whyMissing);

  const source = readOnce(image);
  let sendable: SendableImage;
  try {
    if (await hasChanged(source, photo, signal)) return noneFor(() => ({ reason: 'PHOTO_CHANGED' }));
    sendable = await toSendableImage(source, { signal, limitInputPixels });
  } catch (error) {
    signal?.throwIfAborted();
    if (isRekollectError(error, 'MISSING_PACKAGE')) throw error;
    return noneFor(() => ({ reason: 'UNREADABLE_IMAGE', error: asError(error) }));
  }
  signal?.throwIfAborted();
  // Given up, it has a while to end: nobody is to be left there who was not meant.
  const indexed = await persistently(signal, async (persistence): Promise<IndexedImage | NoCopy> => {
    let answer: IndexedImage;
    try {
      // The same image under the same name is stored once, so that it may be called again.
      answer = await persistence.try(() =>
        indexFaces(to, sendable, { externalImageId, qualityFilter }, persistence.signal),
      );
    } catch (error) {
      if (!isAboutTheImage(error, source)) throw error;
      return { reason: 'UNREADABLE_IMAGE', error };
    }
    const others = answer.faces.filter((face) => !isAmong(copied, face));
    for (const [face, seen] of matchFaces(missing, others)) {
      const { detail: _, ...copy } = seen;
      copied.set(face, copy);
    }
    const isOwned = new Set(copies.flatMap(({ faceId, userId }) => (userId === undefined ? [] : faceId)));
    const extras = others.filter((face) => !isAmong(copied, face) && !isOwned.has(face.faceId));
    if (extras.length > 0) await deleteFaces(to, idsOf(extras), persistence);
    return answer;
  });
  if ('reason' in indexed) return noneFor(() => indexed);
  const poor = indexed.rejected.map((rejection) => ({
    ...rejection,
    boundingBox: rejection.detail.boundingBox,
  }));
  const rejected = matchFaces(missing, poor);
  return noneFor((face) => ({ reason: rejected.get(face)?.reason ?? 'NO_FACE' }));
}

/** Whether bytes that are sent are others than those that were looked through. What the service reads itself is not. */
async function hasChanged(
  source: ImageSource,
  { content }: StoredPhoto,
  signal?: AbortSignal,
): Promise<boolean> {
  if (source.s3Object || !content.startsWith('sha256:')) return false;
  return !contentIdsOfBytes(await readImage(source, signal)).includes(content);
}

function isAmong(copied: ReadonlyMap<StoredFace, Face | NoCopy>, { faceId }: Face): boolean {
  for (const copy of copied.values()) if ('faceId' in copy && copy.faceId === faceId) return true;
  return false;
}

async function deleteAll(to: CollectionScope, faces: readonly Face[], signal?: AbortSignal): Promise<void> {
  if (faces.length > 0)
    await persistently(signal, (persistence) => deleteFaces(to, idsOf(faces), persistence));
}

function idsOf(faces: readonly Face[]): string[] {
  return faces.map(({ faceId }) => faceId);
}
