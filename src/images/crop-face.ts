import { checkCount, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';
import { openPhoto } from './crop.js';
import { checkMargin } from './crop-plan.js';
import { checkImage, type ImageSource } from './image-source.js';

/** What shows of a head around the box, enough for the service to find the face again. */
const HEAD_MARGIN = 0.5;

/** How much is cut out with a face. */
export interface CropFaceOptions {
  /**
   * How much to show around the box, as a ratio of its sides, on each of the four.
   *
   * @default 0.5
   */
  margin?: number | undefined;
  /**
   * Most pixels that the photo may have.
   *
   * @default 134_217_728
   */
  limitInputPixels?: number | undefined;
}

const CROP_FACE: OptionChecks<CropFaceOptions> = { margin: checkMargin, limitInputPixels: checkCount };

/**
 * One face of a photo as an image of its own, such as to enroll the people of a group photo one by one. The photo is
 * read and cut when the image is.
 *
 * @param face a face of `detectFaces` or `searchPhoto`
 * @throws InvalidArgumentError when it is no photo or has no box, or for an option; `read` rejects with it when no part
 * of the box lies in the photo, and with `UnreadableImageError`
 *
 * @example
 * const { faces } = await team.searchPhoto(party);
 * await team.enrollUser('ada', [cropFace(party, faces[0].face)]);
 */
export function cropFace(
  photo: ImageSource,
  face: { boundingBox: BoundingBox },
  options: CropFaceOptions = {},
): ImageSource {
  checkImage(photo, 'photo');
  const { margin = HEAD_MARGIN, limitInputPixels } = checkOptions(options, CROP_FACE);
  if (!face?.boundingBox) {
    const hint = (face as { face?: unknown } | null)?.face ? 'Give its face.' : undefined;
    throw new InvalidArgumentError('face', face, 'an object with a boundingBox', hint);
  }
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
