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
 *
 * @example
 * const { faces } = await team.searchPhoto(party);
 * await team.enrollUser('ada', [cropFace(party, faces[0].face)]);
 */
export function cropFace(
  photo: ImageSource,
  face: { boundingBox: BoundingBox },
  { margin = HEAD_MARGIN }: { margin?: number | undefined } = {},
): ImageSource {
  const { left, top } = face.boundingBox;
  return {
    name: `${photo.name} (face at ${Math.round(left * 100)} %, ${Math.round(top * 100)} %)`,
    async read({ signal } = {}) {
      const opened = await openPhoto(photo, { signal });
      const { bytes } = await opened.crop(face.boundingBox, { margin, signal });
      return bytes;
    },
  };
}
