import { mapBounded } from '../bounded.js';
import type { ImageSource } from '../images/image-source.js';
import { contentIdOf, keptName, photoNameOf } from '../service/external-image-id.js';
import type { Face } from '../types.js';
import type { BulkRequest, FormerPhoto } from './bulk-enrollment.js';
import { contentId } from './content-id.js';
import type { Enrollment } from './enrollment.js';

/** A person's photos as they are now. */
export interface CurrentPhotos {
  readonly contents: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

export async function currentPhotos(
  images: readonly ImageSource[],
  { limit }: BulkRequest,
  signal?: AbortSignal,
): Promise<CurrentPhotos> {
  const contents = await mapBounded(images, limit, async (image) => {
    // One that cannot be read is none of those before; enrolling it says why.
    const content = await contentId(image, signal).catch(() => `unreadable:${image.name}`);
    signal?.throwIfAborted();
    return content;
  });
  return { contents: new Set(contents), names: new Set(images.map(nameOf)) };
}

/** Whether the photos that a user was enrolled with are these, so that there is nothing to do. */
export function areEnrolled(externalImageIds: readonly string[], { contents }: CurrentPhotos): boolean {
  const contentsBefore = new Set(externalImageIds.map(contentIdOf));
  return (
    contents.size > 0 &&
    [...contents].every((content) => contentsBefore.has(content)) &&
    externalImageIds.every((id) => photoNameOf(id) === undefined || contents.has(contentIdOf(id)!))
  );
}

/**
 * The photos that faces of a user came from and that are not there any more. One that was renamed is there, for its
 * content counts. Faces that were enrolled without a name for their photo are nobody's business here.
 *
 * One whose name has another content now may go once that content is part of the user, or for want of room could not
 * become so. One that is gone may go where it is asked for.
 */
export function formerPhotos(
  faces: readonly Face[],
  { contents, names }: CurrentPhotos,
  { images }: Enrollment,
  prune: boolean,
): FormerPhoto[] {
  const enrolled = new Set(
    images
      .filter((image) => image.status !== 'rejected' || image.reason === 'USER_IS_FULL')
      .map(({ image }) => nameOf(image)),
  );
  const former = new Map<string, string[]>();
  for (const { faceId, externalImageId, photoName } of faces) {
    if (photoName === undefined || contents.has(contentIdOf(externalImageId)!)) continue;
    former.set(photoName, [...(former.get(photoName) ?? []), faceId]);
  }
  return Array.from(former, ([photo, faceIds]) => {
    const isChanged = names.has(photo);
    return {
      photo,
      faceIds,
      status: isChanged ? 'changed' : 'gone',
      deleted: isChanged ? enrolled.has(photo) : prune,
    };
  });
}

/** As it is listed with the faces. */
function nameOf({ name, photoName = name }: ImageSource): string {
  return keptName(photoName);
}
