import { checkImage } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';
import { openPhoto } from './crop.js';
import type { ImageSource } from './image-source.js';

/** What shows of a head around the box, enough for the service to find the face again. */
const HEAD_MARGIN = 0.5;

/**
 * One face of a photo as an image of its own, such as to enroll the people of a group photo one by one. The photo is
 * read and cut when the image is.
 *
 * @param face a face of `detectFaces` or `searchPhoto`
 * @param options.margin how much to show around the box, as a ratio of its sides on each of the four; 0.5 by default
 * @param options.limitInputPixels most pixels that the photo may have; 134,217,728 by default
 * @throws InvalidArgumentError when it is no photo or has no box; `read` rejects with it when no part of the box lies
 * in the photo, and with `UnreadableImageError`
 *
 * @example
 * const { faces } = await team.searchPhoto(party);
 * await team.enrollUser('ada', [cropFace(party, faces[0].face)]);
 */
export function cropFace(
  photo: ImageSource,
  face: { boundingBox: BoundingBox },
  options: { margin?: number | undefined; limitInputPixels?: number | undefined } = {},
): ImageSource {
  const { margin = HEAD_MARGIN, limitInputPixels } = options;
  checkImage(photo, 'photo');
  if (!face?.boundingBox) throw new InvalidArgumentError('face', face, 'an object with a boundingBox');
  const { left, top } = face.boundingBox;
  return {
    name: `${photo.name} (face at ${Math.round(left * 100)} %, ${Math.round(top * 100)} %)`,
    async read({ signal } = {}) {
      const opened = await openPhoto(photo, { signal, limitInputPixels });
      const { bytes } = await opened.crop(face.boundingBox, { margin, signal });
      return bytes;
    },
  };
}
