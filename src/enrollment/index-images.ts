import { mapBounded } from '../bounded.js';
import { asError, isRekollectError } from '../errors.js';
import type { ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readOnce } from '../images/read-once.js';
import type { SendableImage } from '../sendable-image.js';
import { type CollectionScope, isServiceError } from '../service/client.js';
import { contentIdOf, externalImageIdOf } from '../service/external-image-id.js';
import { type IndexedImage, indexFaces } from '../service/faces.js';
import { because, type Rejection } from '../service/reasons.js';
import type { DetectedFace, Face } from '../types.js';
import { chooseFaces, detectedFaces } from './choose-faces.js';
import { contentId, namesContent } from './content-id.js';
import type { EnrollRequest, RejectedImage, RejectionReason } from './enrollment.js';
import type { EnrollmentLedger } from './ledger.js';

/** What became of an image by indexing, before anything is associated. */
export type IndexedOutcome =
  | { status: 'indexed'; image: ImageSource; faces: readonly Face[]; detectedFaces: readonly DetectedFace[] }
  /** The same bytes stand earlier in the list. */
  | { status: 'repeated'; image: ImageSource; first: IndexedOutcome }
  | RejectedImage;

/** Indexes every image, and picks the faces that are meant. Every face that gets stored is entered in the ledger. */
export function indexImages(
  scope: CollectionScope,
  images: readonly ImageSource[],
  known: readonly Face[],
  ledger: EnrollmentLedger,
  request: EnrollRequest,
  signal?: AbortSignal,
): Promise<IndexedOutcome[]> {
  const firsts = new Map<string, Promise<IndexedOutcome>>();
  const isKnown = new Set(known.map(({ faceId }) => faceId));
  let done = 0;
  return mapBounded(images, request.limit, async (image) => {
    signal?.throwIfAborted();
    const outcome = await indexOne(image);
    done += 1;
    request.onProgress?.({ done, total: images.length, latest: image });
    return outcome;
  });

  async function indexOne(image: ImageSource): Promise<IndexedOutcome> {
    const source = readOnce(image);
    let content: string;
    try {
      content = await contentId(source, signal);
    } catch (error) {
      return unreadable(image, error, signal);
    }
    const first = firsts.get(content);
    if (first) return { status: 'repeated', image, first: await first };
    const outcome = indexUnlessKnown(content, image, source);
    firsts.set(content, outcome);
    return outcome;
  }

  async function indexUnlessKnown(
    content: string,
    image: ImageSource,
    source: ImageSource,
  ): Promise<IndexedOutcome> {
    // An image whose face is part of the user needs no call.
    const enrolled = known.filter((face) => contentIdOf(face.externalImageId) === content);
    if (enrolled.length > 0 && namesContent(content) && request.severalFaces !== 'all') {
      return { status: 'indexed', image, faces: enrolled, detectedFaces: [] };
    }
    // Under another name than before the service would store its faces a second time.
    const externalImageId = enrolled[0]?.externalImageId ?? externalImageIdOf(content, image.photoName);
    let sendable: SendableImage;
    try {
      sendable = await toSendableImage(source, { signal, limitInputPixels: request.limitInputPixels });
    } catch (error) {
      return unreadable(image, error, signal);
    }
    let indexed: IndexedImage;
    try {
      const { qualityFilter } = request;
      indexed = await ledger.make(
        {
          // The same image under the same name is stored once, so a second call answers what the first stored.
          call: (own) => indexFaces(scope, sendable, { externalImageId, qualityFilter }, own),
          enter: ({ faces }) => {
            for (const { faceId } of faces) if (!isKnown.has(faceId)) ledger.indexed.add(faceId);
          },
          possible: { externalImageIds: [externalImageId] },
        },
        signal,
      );
    } catch (error) {
      if (!isAboutTheImage(error, source)) throw error;
      return rejected(image, because('UNREADABLE_IMAGE'), { error });
    }
    const seen = { detectedFaces: detectedFaces(indexed) };
    const chosen = chooseFaces(indexed, request.severalFaces);
    if ('reason' in chosen) return rejected(image, chosen, seen);
    return { status: 'indexed', image, faces: chosen.map(({ detail: _, ...face }) => face), ...seen };
  }
}

export function rejected(
  image: ImageSource,
  { reason, reasons, serviceReasons }: Rejection<RejectionReason>,
  more: Partial<Pick<RejectedImage, 'detectedFaces' | 'rejectedFaces' | 'error'>>,
): RejectedImage {
  const rejection = { reason, reasons, ...(serviceReasons && { serviceReasons }) };
  return { status: 'rejected', image, ...rejection, detectedFaces: [], rejectedFaces: [], ...more };
}

/** An image that cannot be read is rejected; a package that is missing concerns every image, and is an error. */
function unreadable(image: ImageSource, error: unknown, signal: AbortSignal | undefined): RejectedImage {
  signal?.throwIfAborted();
  if (isRekollectError(error, 'MISSING_PACKAGE')) throw error;
  return rejected(image, because('UNREADABLE_IMAGE'), { error: asError(error) });
}

/** Whether the service refused this one image, and would take another. */
export function isAboutTheImage(error: unknown, source: ImageSource): error is Error {
  if (
    isServiceError(error, 'InvalidImageFormatException', 'ImageTooLargeException', 'InvalidS3ObjectException')
  ) {
    return true;
  }
  // What we prepare is never too small; an object that the service reads in place may be, and this is how it says so.
  return source.s3Object !== undefined && isServiceError(error, 'InvalidParameterException');
}
