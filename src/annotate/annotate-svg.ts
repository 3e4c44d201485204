import { checkBoolean, checkFunction, checkOptions, type OptionChecks } from '../arguments.js';
import { READ_OPTIONS, type ReadOptions, readPixels, readSize } from '../images/decode.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { encode } from './encode.js';
import { layOut } from './layout.js';
import { type AnnotatedFace, marksOf, type WriteLabel } from './marks.js';
import { facesOf, type ResultOf } from './result.js';
import { writeSvg } from './svg.js';

/** How an overlay is drawn. */
export interface AnnotateSvgOptions<Face extends AnnotatedFace = AnnotatedFace> extends ReadOptions {
  /**
   * What to write at a face, and to read out. Undefined leaves the label as it would be, and an empty string leaves it
   * out: the face is then read out as `face`.
   *
   * @default the best match and its similarity (`ada 98.7 %`), `ada or bob ?`, `unknown`, or `not searched`
   */
  label?: WriteLabel<Face> | undefined;
  /**
   * Puts the photo under the drawing, upright, as a JPEG without metadata in a data URL.
   *
   * @default false: an overlay, to lay over the photo
   */
  embedPhoto?: boolean | undefined;
}

/**
 * Draws what `annotate` draws as an SVG that scales with the page: its `viewBox` is in pixels of the upright photo, and
 * it has no size of its own. For screen readers each face is a picture (`role="img"`) with its label as `<title>` and
 * what came of it as `<desc>`, in the order of the result; browsers show the title of the face under the pointer.
 *
 * It has no scripts, style sheets, ids or links, so that it can stand inside a page under any content security policy,
 * more than once (`img-src data:` is needed for an embedded photo). Names are text in it, whatever they hold.
 *
 * @returns one `<svg>` element
 * @throws UnreadableImageError when the photo cannot be read; without `embedPhoto` most formats are read as far as
 * their size
 * @throws InvalidArgumentError when the result is none, or an option is unknown or has a value that makes no sense
 *
 * @example
 * const overlay = await annotateSvg(party, await team.searchPhoto(party));
 * const html = `<div style="position: relative">
 *   <img src="party.jpg" alt="The party" style="display: block; width: 100%">
 *   <div style="position: absolute; inset: 0">${overlay}</div>
 * </div>`;
 */
export async function annotateSvg<Face extends AnnotatedFace>(
  photo: ImageSource,
  result: ResultOf<Face>,
  options: AnnotateSvgOptions<Face> = {},
): Promise<string> {
  checkImage(photo, 'photo');
  const faces = facesOf(result);
  const { label, embedPhoto = false, signal } = checkOptions(options, ANNOTATE_SVG);
  const pixels = embedPhoto ? await readPixels(photo, options) : undefined;
  const picture = pixels ?? (await readSize(photo, options));
  const layout = await layOut(picture, marksOf(faces, picture, label));
  const embedded = pixels && (await encode(pixels, 'jpeg', signal));
  signal?.throwIfAborted();
  return writeSvg(picture, layout, faces.length, embedded);
}

const ANNOTATE_SVG: OptionChecks<AnnotateSvgOptions> = {
  ...READ_OPTIONS,
  label: checkFunction,
  embedPhoto: checkBoolean,
};
