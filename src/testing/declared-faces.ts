import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { anyValue, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError, UnreadableImageError } from '../errors.js';
import type { AnalyzedFace, FaceVector, VectorSpace, Vision, VisionRequest } from '../local/index.js';
import type { BoundingBox, DetectedFace } from '../types.js';
import { COLORS, colorOf, findRectangles } from './colored-rectangles.js';

/** A face to be seen in a photo. Only what matters to the test has to be said. */
export interface DeclaredFace {
  /** Whose face it is: faces of one person are alike. Without a name it is a face like no other. */
  person?: string;
  /** Where it is, as ratios of the photo. @default side by side */
  box?: BoundingBox;
  /**
   * How far this face is from its person's: 0 not at all, 0.2 as two photos of one person, 1 as strangers.
   *
   * @default 0.2
   */
  unlike?: number;
  /** That it is a face, 0 to 100. @default 99.9 */
  confidence?: number;
  /** That it is turned so far aside that it is known by its profile alone. @default false */
  isProfile?: boolean;
  /** Degrees. @default 0, or 90 for a profile */
  yaw?: number;
  /** Degrees, above 0 looks up. @default 0 */
  pitch?: number;
  /** Degrees. @default 0 */
  roll?: number;
  /** 0 to 100. @default 80 */
  brightness?: number;
  /** 0 to 100. @default 90 */
  sharpness?: number;
  /** How good its vector is to recognise somebody by, 0 to 1. @default 1 */
  vectorQuality?: number;
  /** What else models would read from it: age, emotions and the like. @default nothing */
  attributes?: Omit<DetectedFace, 'boundingBox' | 'confidence' | 'landmarks' | 'pose' | 'quality'>;
}

/** The photo that faces are declared in. */
export interface DeclaredPhotoOptions {
  /** Pixels. @default 640 */
  width?: number;
  /** Pixels. @default 480 */
  height?: number;
}

/** A `Vision` without models, and the photos whose faces it sees. */
export interface DeclaredFaces extends Vision {
  /**
   * Draws a photo, as PNG, in which exactly these faces are seen. Each is a rectangle in a colour of its own, so it
   * is found again in crops, enlargements and good JPEGs of the photo.
   */
  photo(faces: readonly DeclaredFace[], options?: DeclaredPhotoOptions): Promise<Buffer>;
}

/** Only names are checked: a misspelt one would make another face than was declared, and a test that proves nothing. */
const DECLARED_FACE: OptionChecks<DeclaredFace> = {
  person: anyValue,
  box: anyValue,
  unlike: anyValue,
  confidence: anyValue,
  isProfile: anyValue,
  yaw: anyValue,
  pitch: anyValue,
  roll: anyValue,
  brightness: anyValue,
  sharpness: anyValue,
  vectorQuality: anyValue,
  attributes: anyValue,
};

const DECLARED_PHOTO: OptionChecks<DeclaredPhotoOptions> = { width: anyValue, height: anyValue };

/** The similarity halves at this distance. Two faces of a person are about 0.04 apart, two strangers 1. */
const HALF_SIMILAR = 0.2;

const SPACE: VectorSpace = {
  version: 'declared-faces-1',
  length: 32,
  metric: 'cosine',
  similarity: (distance) => 100 / (1 + (distance / HALF_SIMILAR) ** 5),
};
const PROFILE_SPACE: VectorSpace = { ...SPACE, version: 'declared-profiles-1' };

/**
 * Face models for tests: photos whose faces you declare, and a `Vision` that sees just those.
 *
 * @example
 * const vision = declaredFaces();
 * const client = new LocalRekognition({ vision });
 * const photo = await vision.photo([{ person: 'ada' }, { person: 'grace', yaw: 70 }]);
 * await client.send(new IndexFacesCommand({ CollectionId: 'team', Image: { Bytes: photo } }));
 */
export function declaredFaces(): DeclaredFaces {
  const declared: DeclaredFace[] = [];

  /** @returns the number of the face, which is the number of its colour too */
  const declare = (face: DeclaredFace) => {
    if (declared.length === COLORS - 1)
      throw new InvalidArgumentError('faces', declared.length, `fewer than ${COLORS}`);
    return declared.push(face);
  };

  return {
    space: SPACE,
    profileSpace: PROFILE_SPACE,

    async photo(faces, options = {}) {
      const { width = 640, height = 480 } = checkOptions(options, DECLARED_PHOTO);
      for (const [i, face] of faces.entries()) checkOptions(face, DECLARED_FACE, `faces[${i}]`);
      const rectangles = faces.map((face, i) => {
        const { left, top, ...size } = insidePhoto(face.box ?? sideBySide(i, faces.length), width, height);
        return {
          input: { create: { ...size, channels: 3 as const, background: colorOf(declare(face)) } },
          left,
          top,
        };
      });
      return sharp({ create: { width, height, channels: 3, background: colorOf(0) } })
        .composite(rectangles)
        .png()
        .toBuffer();
    },

    async analyze(image, { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY, signal }) {
      signal?.throwIfAborted();
      const { data, info } = await decode(image);
      signal?.throwIfAborted();
      return findRectangles(data, info, declared.length)
        .sort((a, b) => b.width * b.height - a.width * a.height)
        .map(({ number, ...rectangle }, rank) => {
          const face = declared[number - 1]!;
          return {
            ...seenFace(face, rectangle, info, attributes),
            ...(rank < maxFaces && vectorsOf(face, number, vectors)),
          };
        });
    },

    async close() {},
  };
}

async function decode(image: Uint8Array) {
  try {
    return await sharp(image)
      .autoOrient()
      .flatten()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new UnreadableImageError('the photo', 'NOT_AN_IMAGE', 'cannot be decoded.', { cause: error });
  }
}

function seenFace(
  {
    confidence = 99.9,
    isProfile = false,
    yaw = isProfile ? 90 : 0,
    pitch = 0,
    roll = 0,
    brightness = 80,
    sharpness = 90,
    vectorQuality = 1,
    ...face
  }: DeclaredFace,
  { left, top, width, height }: BoundingBox,
  photo: { width: number; height: number },
  withAttributes: boolean,
): AnalyzedFace {
  const at = (x: number, y: number) => ({
    x: (left + x * width) / photo.width,
    y: (top + y * height) / photo.height,
  });
  return {
    detail: {
      boundingBox: {
        left: left / photo.width,
        top: top / photo.height,
        width: width / photo.width,
        height: height / photo.height,
      },
      confidence,
      landmarks: [
        { type: 'eyeLeft', ...at(0.3, 0.4) },
        { type: 'eyeRight', ...at(0.7, 0.4) },
        { type: 'nose', ...at(0.5, 0.6) },
        { type: 'mouthLeft', ...at(0.35, 0.75) },
        { type: 'mouthRight', ...at(0.65, 0.75) },
        ...(withAttributes ? [{ type: 'chinBottom', ...at(0.5, 1) }] : []),
      ],
      pose: { roll, yaw, pitch },
      quality: { brightness, sharpness },
      ...(withAttributes && face.attributes),
    },
    quality: { brightness, sharpness, vectorQuality, size: { width, height } },
  };
}

/** A face seen from the front is searched by that alone, and kept with its profile too. */
function vectorsOf(
  face: DeclaredFace,
  number: number,
  vectors: VisionRequest['vectors'],
): Pick<AnalyzedFace, 'vector' | 'profileVector'> {
  const { isProfile = false } = face;
  return {
    ...(vectors && !isProfile && { vector: vectorOf(face, number, 'face') }),
    ...((vectors === 'to-keep' || (vectors && isProfile)) && {
      profileVector: vectorOf(face, number, 'profile'),
    }),
  };
}

function vectorOf({ person, unlike = 0.2 }: DeclaredFace, number: number, view: string): FaceVector {
  const own = direction(`${view} ${number}`);
  const ofPerson = direction(person === undefined ? `${view} of nobody ${number}` : `${view} of ${person}`);
  return scaled(ofPerson.map((value, i) => value + unlike * own[i]!));
}

/** A vector that depends on the name alone. Those of two names are about at right angles. */
function direction(name: string): Float32Array {
  return scaled(Float32Array.from(createHash('sha256').update(name).digest(), (byte) => byte - 127.5));
}

/** The same direction, of length 1. */
function scaled(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** The box of the i-th of n faces that stand in a row, each a little smaller than the one before. */
function sideBySide(i: number, n: number): BoundingBox {
  const room = 1 / n;
  const width = room * (0.6 - 0.2 * (i / n));
  return { left: room * (i + 0.2), top: 0.2, width, height: 0.5 };
}

/** A box in pixels, cut off where it reaches past the photo. */
function insidePhoto(box: BoundingBox, width: number, height: number): BoundingBox {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));
  const left = within(box.left * width, width - 1);
  const top = within(box.top * height, height - 1);
  return {
    left,
    top,
    width: Math.max(1, within((box.left + box.width) * width, width) - left),
    height: Math.max(1, within((box.top + box.height) * height, height) - top),
  };
}
