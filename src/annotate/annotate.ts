import { checkFunction, checkOneOf, checkOptions, type OptionChecks } from '../arguments.js';
import { READ_OPTIONS, type ReadOptions, readPixels } from '../images/decode.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { drawMarks } from './draw.js';
import { encode, type PictureFormat } from './encode.js';
import { layOut } from './layout.js';
import { type AnnotatedFace, marksOf, type WriteLabel } from './marks.js';
import { facesOf, type ResultOf } from './result.js';

/** How a picture is drawn. */
export interface AnnotateOptions<Face extends AnnotatedFace = AnnotatedFace> extends ReadOptions {
  /**
   * What to write at a face. Undefined leaves the label as it would be, and an empty string leaves it out.
   *
   * @default the best match and its similarity (`ada 98.7 %`), `ada or bob ?`, `unknown`, or `not searched`
   */
  label?: WriteLabel<Face> | undefined;
  /**
   * `jpeg` has quality 90 and full colour resolution, which thin lines need; `png` loses nothing and is larger.
   *
   * @default 'jpeg'
   */
  format?: PictureFormat | undefined;
}

/**
 * Draws what a search found on the photo: a box at every face, with the name and the similarity of its best match.
 * Solid blue boxes are matched, double purple ones may be either of two people, dashed yellow ones are unmatched, and
 * dotted red ones were not searched. The picture is upright, and lines and letters grow with it. A face whose box lies
 * outside the photo is left out. `annotateSvg` draws the same as an overlay.
 *
 * @returns the encoded picture
 * @throws UnreadableImageError when the photo cannot be read
 * @throws InvalidArgumentError when the result is none, or an option is unknown or has a value that makes no sense
 *
 * @example
 * ```ts
 * const party = fromFile('party.jpg');
 * await writeFile('who.jpg', await annotate(party, await team.searchPhoto(party)));
 * ```
 */
export async function annotate<Face extends AnnotatedFace>(
  photo: ImageSource,
  result: ResultOf<Face>,
  options: AnnotateOptions<Face> = {},
): Promise<Uint8Array> {
  checkImage(photo, 'photo');
  const faces = facesOf(result);
  const { format, label, signal } = checkOptions(options, ANNOTATE);
  const picture = await readPixels(photo, options);
  const layout = await layOut(picture, marksOf(faces, picture, label));
  signal?.throwIfAborted();
  drawMarks(picture, layout);
  return encode(picture, format, signal);
}

const ANNOTATE: OptionChecks<AnnotateOptions> = {
  ...READ_OPTIONS,
  label: checkFunction,
  format: (argument, value) => checkOneOf(argument, value, ['jpeg', 'png']),
};
