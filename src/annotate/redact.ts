import { checkBoolean, checkOneOf, checkOptions, checkUserId, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { READ_OPTIONS, type ReadOptions, readPixels } from '../images/decode.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import type { BoundingBox } from '../types.js';
import { blurRegion, fillRegion, type Margins, regionToCover } from './cover.js';
import { encode, type PictureFormat } from './encode.js';
import { facesOf, type ResultOf } from './result.js';

/** What `redact` reads of a face that was searched. Every face of a `PhotoSearch` is one. */
export interface SearchedFace {
  status: string;
  face: { boundingBox: BoundingBox };
  /** Of one that matched; the best first. */
  matches?: readonly { userId?: string }[];
  /** Of one that is ambiguous. */
  between?: readonly { userId?: string }[];
}

/** What `redact` takes for a face: one that was searched, or one of `detectFaces`, which is nobody's. */
export type RedactedFace = SearchedFace | { boundingBox: BoundingBox };

/** Which faces are covered, and how. */
export interface RedactOptions extends ReadOptions {
  /**
   * The users whose faces stay; all others are covered. With an empty array everybody is, as without it.
   * Not together with `only`.
   *
   * @default []
   */
  keep?: readonly string[] | undefined;
  /**
   * The users whose faces are covered; those that were searched and are not theirs stay. Not together with `keep`,
   * and not for faces of `detectFaces`, of which it is not known whose they are.
   */
  only?: readonly string[] | undefined;
  /**
   * `blur` leaves at most nine average colours of a face, `fill` one colour that has nothing to do with it.
   *
   * @default 'blur'
   */
  cover?: 'blur' | 'fill' | undefined;
  /**
   * Covers hair and ears too: 0.6 of the face's height above it, 0.4 of its width on each side, and 0.25 of its height
   * below. Hair that falls lower shows.
   *
   * @default false: a sixth of the face's sides all around
   */
  wholeHead?: boolean | undefined;
  /**
   * `jpeg` has quality 90; `png` loses nothing of what is not covered and is larger.
   *
   * @default 'jpeg'
   */
  format?: PictureFormat | undefined;
}

/**
 * Covers the faces of a photo beyond undoing: all of them, all but those of the users to `keep`, or `only` those of
 * some users. What is not certain is covered: with `keep`, every face but those matched with a user of the list, by
 * their best match; with `only`, also faces that were not searched or whose search failed, and those that may be
 * either of two users of whom one is on the list.
 *
 * **Why it cannot be undone.** A blur or a mosaic of the usual strength keeps enough of a face for a program to
 * recognise it, or to draw it again. Here a region of at most 3 × 3 cells is averaged, 27 numbers of which none is of
 * fewer than 64 pixels (but where the photo itself is narrower than 8), and the region is drawn from these numbers
 * alone: every face with the same averages would give the same picture. `fill` does not even look at the face.
 * The picture is encoded from its pixels, so nothing else of the photo is in it: no EXIF with its thumbnail and place,
 * no XMP, IPTC, comments or colour profile, no further frames, nothing behind transparency.
 *
 * The region is a rectangle that holds the face's box and a margin, and covering goes first: where it reaches over a
 * face that is kept, that part of the kept face is covered too. Faces that the result does not have stay, so look at
 * the picture before you publish it: nobody found a face in a mirror, and a name on a shirt is none. A face whose
 * region lies outside the photo is left out.
 *
 * @param result what `searchPhoto` answered, or `detectFaces`, for this photo
 * @returns the encoded picture, upright, in sRGB, with as many pixels as the photo
 * @throws UnreadableImageError when the photo cannot be read
 * @throws InvalidArgumentError when the result is none, when a face to cover has no box, when both `keep` and `only`
 * are given, or an option is unknown or has a value that makes no sense
 *
 * @example
 * const party = fromFile('party.jpg');
 * const found = await team.searchPhoto(party, { threshold: 99 });
 * await writeFile('ada-alone.jpg', await redact(party, found, { keep: ['ada'] }));
 */
export async function redact(
  photo: ImageSource,
  result: ResultOf<RedactedFace>,
  options: RedactOptions = {},
): Promise<Uint8Array> {
  checkImage(photo, 'photo');
  const faces = facesOf(result);
  const { cover = 'blur', wholeHead = false, format, signal } = checkOptions(options, REDACT);
  const hidden = boxesToCover(faces, options);
  const picture = await readPixels(photo, options);

  const margins = wholeHead ? HEAD : FACE;
  const regions = hidden.flatMap((box) => regionToCover(box, picture, margins) ?? []);
  for (const region of regions) {
    signal?.throwIfAborted();
    if (cover === 'fill') fillRegion(picture, region);
    else await blurRegion(picture, region);
  }
  return encode(picture, format, signal);
}

/** Detectors agree on the middle of a face better than on its border. */
const FACE: Margins = { above: 1 / 6, beside: 1 / 6, below: 1 / 6 };
const HEAD: Margins = { above: 0.6, beside: 0.4, below: 0.25 };

const REDACT: OptionChecks<RedactOptions> = {
  ...READ_OPTIONS,
  keep: checkUserIds,
  only: checkUserIds,
  cover: (argument, value) => checkOneOf(argument, value, ['blur', 'fill']),
  wholeHead: checkBoolean,
  format: (argument, value) => checkOneOf(argument, value, ['jpeg', 'png']),
};

/** The boxes of the faces that are not to be seen, each checked: one that is overlooked would show. */
function boxesToCover(faces: readonly RedactedFace[], { keep, only }: RedactOptions): BoundingBox[] {
  if (keep && only) throw new InvalidArgumentError('options.only', only, 'left out beside keep');
  return faces.flatMap((given, index): BoundingBox[] => {
    const { face, boundingBox = face?.boundingBox, ...search } = partsOf(given);
    if (only && search.status === undefined)
      throw new InvalidArgumentError('options.only', only, 'left out where faces were not searched');
    if (only ? !mayBeOf(search, only) : isOf(search, keep ?? [])) return [];
    checkBox(`result.faces[${index}]`, boundingBox);
    return [boundingBox];
  });
}

type Search = Partial<Pick<SearchedFace, 'status' | 'matches' | 'between'>>;

function partsOf(face: RedactedFace): Partial<SearchedFace & { boundingBox: BoundingBox }> {
  return { ...face };
}

function isOf({ status, matches }: Search, userIds: readonly string[]): boolean {
  const userId = matches?.[0]?.userId;
  return status === 'matched' && userId !== undefined && userIds.includes(userId);
}

/** Of a face that was not searched nobody knows that it is not theirs. */
function mayBeOf(search: Search, userIds: readonly string[]): boolean {
  const { status, between = [] } = search;
  if (userIds.length === 0 || status === 'unmatched') return false;
  if (status === 'matched') return isOf(search, userIds);
  return (
    between.length === 0 || between.some(({ userId }) => userId !== undefined && userIds.includes(userId))
  );
}

function checkBox(argument: string, box: BoundingBox | undefined): asserts box is BoundingBox {
  const isBox =
    box &&
    [box.left, box.top, box.width, box.height].every(Number.isFinite) &&
    box.width > 0 &&
    box.height > 0;
  if (isBox) return;
  const allowed = 'a face with a boundingBox that has a width and a height, for it is to be covered';
  throw new InvalidArgumentError(argument, box, allowed);
}

function checkUserIds(argument: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidArgumentError(argument, value, 'an array of user ids');
  for (const [index, userId] of value.entries()) checkUserId(userId, `${argument}[${index}]`);
}
