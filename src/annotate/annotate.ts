import { checkFunction, checkOneOf, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { area, clampToImage } from '../images/bounding-box.js';
import { READ_OPTIONS, type ReadOptions, readPixels, toSharp } from '../images/decode.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { toPixels } from '../images/pixel-box.js';
import type { BoundingBox } from '../types.js';
import { type Colour, drawMarks, type Mark } from './draw.js';
import type { LabelText } from './label-text.js';

/** What `annotate` reads of a match: a user's, or a face's. */
export interface NamedMatch {
  similarity: number;
  userId?: string;
  photoName?: string;
  externalImageId?: string;
  faceId?: string;
}

/** What `annotate` reads of a face. Every face of a `PhotoSearch` is one. */
export type AnnotatedFace =
  | { status: 'matched'; face: { boundingBox: BoundingBox }; matches: readonly [NamedMatch, ...NamedMatch[]] }
  | {
      status: 'ambiguous' | 'suggested' | 'unmatched' | 'unsearchable' | 'failed';
      face: { boundingBox: BoundingBox };
    };

export interface AnnotateOptions<Face extends AnnotatedFace = AnnotatedFace> extends ReadOptions {
  /**
   * What to write at a face. Undefined leaves the label as it would be, and an empty string leaves it out.
   *
   * @default the best match and its similarity (`ada 98.7 %`), `unknown`, or `not searched`
   */
  label?: ((face: Face, index: number) => string | undefined) | undefined;
  /**
   * `jpeg` has quality 90 and full colour resolution, which thin lines need; `png` loses nothing and is larger.
   *
   * @default 'jpeg'
   */
  format?: 'jpeg' | 'png' | undefined;
}

/**
 * Draws what a search found on the photo: a box at every face, with the name and the similarity of its best match.
 * Blue boxes are matched, yellow ones unmatched, and red ones were not searched. The picture is upright, and lines and
 * letters grow with it. A face whose box lies outside the photo is left out.
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
  result: { faces: readonly Face[] } | readonly Face[],
  options: AnnotateOptions<Face> = {},
): Promise<Uint8Array> {
  checkImage(photo, 'photo');
  const faces = facesOf(result);
  const { format = 'jpeg', signal } = checkOptions(options, ANNOTATE);
  const picture = await readPixels(photo, options);

  const marks = faces.flatMap((face, index): Mark[] => {
    const { boundingBox } = face.face;
    if (area(clampToImage(boundingBox)) === 0) return [];
    const written = options.label?.(face, index);
    const label = written === undefined ? labelOf(face) : { name: written, detail: '' };
    return [{ box: toPixels(boundingBox, picture), colour: COLOURS[face.status], label }];
  });
  await drawMarks(picture, marks, signal);
  const encoder = toSharp(picture);
  const encoded = await (format === 'png' ? encoder.png() : encoder.jpeg(JPEG)).toBuffer();
  signal?.throwIfAborted();
  return encoded;
}

const ANNOTATE: OptionChecks<AnnotateOptions> = {
  ...READ_OPTIONS,
  label: checkFunction,
  format: (argument, value) => checkOneOf(argument, value, ['jpeg', 'png']),
};

const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const;

const YELLOW: Colour = Uint8Array.of(240, 228, 66);
const VERMILLION: Colour = Uint8Array.of(213, 94, 0);

/**
 * Sky blue, yellow and vermillion: colour-blind people can tell them apart (Okabe and Ito, "Color Universal Design",
 * 2008), and black letters can be read on all three.
 */
const COLOURS: Readonly<Record<AnnotatedFace['status'], Colour>> = {
  matched: Uint8Array.of(86, 180, 233),
  ambiguous: YELLOW,
  suggested: YELLOW,
  unmatched: YELLOW,
  unsearchable: VERMILLION,
  failed: VERMILLION,
};

function facesOf<Face>(result: { faces: readonly Face[] } | readonly Face[]): readonly Face[] {
  const faces = result && 'faces' in result ? result.faces : result;
  if (Array.isArray(faces)) return faces;
  throw new InvalidArgumentError('result', result, 'what searchPhoto answers, or an array of its faces');
}

function labelOf(face: AnnotatedFace): LabelText {
  if (face.status !== 'matched') {
    const wasSearched = face.status !== 'unsearchable' && face.status !== 'failed';
    return { name: wasSearched ? 'unknown' : 'not searched', detail: '' };
  }
  const { userId, photoName, externalImageId, faceId, similarity } = face.matches[0];
  const name = userId ?? photoName ?? externalImageId ?? faceId?.slice(0, 8) ?? '';
  return { name, detail: ` ${similarity.toFixed(1)} %` };
}
