import { InvalidArgumentError } from '../errors.js';
import { area, clampToImage } from '../images/bounding-box.js';
import { type PixelBox, type PixelSize, toPixels } from '../images/pixel-box.js';
import type { BoundingBox } from '../types.js';
import type { LabelText } from './label-text.js';

/** What is read of a match: a user's, or a face's. */
export interface NamedMatch {
  similarity: number;
  userId?: string;
  photoName?: string;
  externalImageId?: string;
  faceId?: string;
}

/**
 * What is read of a face that was searched. Every face of a `PhotoSearch` is one. A status that is not known here is
 * drawn as `unmatched`.
 */
export interface AnnotatedFace {
  status: string;
  face: { boundingBox: BoundingBox };
  /** Of one that matched; the best first. */
  matches?: readonly NamedMatch[];
  /** Of one that is ambiguous; the best first. */
  between?: readonly NamedMatch[];
}

/** Writes the label of a face, or leaves it as it would be. */
export type WriteLabel<Face> = (face: Face, index: number) => string | undefined;

/** Red, green and blue, 0 to 255. */
export type Colour = Uint8Array;

/** How the coloured line of a frame runs. `double` is two lines, one inside the other. */
export type LineKind = 'solid' | 'double' | 'dashed' | 'dotted';

/** How faces of a kind look. No two kinds have a line in common, so that none is known by its colour alone. */
export interface Look {
  kind: 'matched' | 'ambiguous' | 'unknown' | 'not searched';
  colour: Colour;
  line: LineKind;
}

/** What is drawn at one face. */
export interface Mark {
  box: PixelBox;
  look: Look;
  label: LabelText;
  /** Which of the faces of the result it is, from 0. */
  index: number;
}

/** Marks of the faces that lie in the picture, some part of them. */
export function marksOf<Face extends AnnotatedFace>(
  faces: readonly Face[],
  picture: PixelSize,
  writeLabel?: WriteLabel<Face>,
): Mark[] {
  return faces.flatMap((face, index): Mark[] => {
    const boundingBox = face?.face?.boundingBox;
    if (!boundingBox) {
      const hint = (face as { boundingBox?: unknown } | null)?.boundingBox
        ? "Of a face of detectFaces, give { status: 'unmatched', face }."
        : undefined;
      throw new InvalidArgumentError(`result.faces[${index}]`, face, 'a face that was searched', hint);
    }
    if (area(clampToImage(boundingBox)) === 0) return [];
    const look = lookOf(face);
    const written = writeLabel?.(face, index);
    const label = written === undefined ? labelOf(face, look) : { name: written, detail: '' };
    return [{ box: toPixels(boundingBox, picture), look, label, index }];
  });
}

/**
 * Sky blue, reddish purple, yellow and vermillion: colour-blind people can tell them apart (Okabe and Ito, "Color
 * Universal Design", 2008), and black letters can be read on all four.
 */
const MATCHED: Look = { kind: 'matched', colour: Uint8Array.of(86, 180, 233), line: 'solid' };
const AMBIGUOUS: Look = { kind: 'ambiguous', colour: Uint8Array.of(204, 121, 167), line: 'double' };
const UNKNOWN: Look = { kind: 'unknown', colour: Uint8Array.of(240, 228, 66), line: 'dashed' };
const NOT_SEARCHED: Look = { kind: 'not searched', colour: Uint8Array.of(213, 94, 0), line: 'dotted' };

function lookOf({ status, matches }: AnnotatedFace): Look {
  if (status === 'matched' && matches?.[0]) return MATCHED;
  if (status === 'ambiguous') return AMBIGUOUS;
  return status === 'unsearchable' || status === 'failed' ? NOT_SEARCHED : UNKNOWN;
}

function labelOf(
  { matches: [match] = [], between: [one, another] = [] }: AnnotatedFace,
  look: Look,
): LabelText {
  if (look === MATCHED && match) return { name: nameOf(match), detail: ` ${match.similarity.toFixed(1)} %` };
  if (look === AMBIGUOUS && one && another)
    return { name: `${nameOf(one)} or ${nameOf(another)}`, detail: ' ?' };
  return { name: look.kind, detail: '' };
}

function nameOf({ userId, photoName, externalImageId, faceId }: NamedMatch): string {
  return userId ?? photoName ?? externalImageId ?? faceId?.slice(0, 8) ?? '';
}
