import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { anyValue, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError, RekollectError, UnreadableImageError } from '../errors.js';
import { area, clampToImage } from '../images/bounding-box.js';
import { type PixelBox, type PixelSize, toPixels, toRatios } from '../images/pixel-box.js';
import type { AnalyzedFace, FaceVector, Vision, VisionRequest } from '../local/index.js';
import type { BoundingBox, DetectedFace } from '../types.js';
import { Brightness } from './brightness.js';
import { COLORS, colorOf, findRectangles } from './colored-rectangles.js';
import { DeclaredVectors, type Lookalikes, SPACES } from './declared-vectors.js';
import { RealPhotos } from './real-photos.js';

/** A face to be seen in a photo. Only what matters to the test has to be said. */
export interface DeclaredFace {
  /** Whose face it is: faces of one person are alike. Without a name it is a face like no other. */
  person?: string;
  /** Where it is, as ratios of the photo. @default side by side */
  box?: BoundingBox;
  /**
   * How far this face is from its person's: 0 not at all, 0.2 as two good photos of one person, 1 hardly alike.
   *
   * @default as `similarity` has it
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

/** What all faces have in common. */
export interface DeclaredFacesOptions {
  /**
   * How alike two photos of one person are, 0 to 100: from the lowest to the highest, and somewhere between for each two.
   * It holds for up to thirty photos of a person, and is about so for more. A user vector of several is closer.
   *
   * @default [99.97, 99.97]
   */
  similarity?: readonly [lowest: number, highest: number] | undefined;
  /**
   * With the same number, the same faces in the same order are as alike each time.
   *
   * @default 1
   */
  seed?: number | undefined;
  /**
   * People who are alike, such as twins. All others are strangers, hardly ever at a similarity above 10.
   *
   * @default none
   */
  lookalikes?: readonly Lookalikes[] | undefined;
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
  photo(faces: readonly (string | DeclaredFace)[], options?: DeclaredPhotoOptions): Promise<Buffer>;

  /**
   * Says who is in real photos, by their names in a folder. They are known again by how they look: from a file, from
   * S3 or over HTTP, in another format or size, and in the faces that `searchPhoto` and `cropFace` cut out of them.
   * From then on a picture that is neither among them nor drawn by `photo` is an `UndeclaredPhotoError`.
   *
   * Faces without a `box` stand side by side, wherever they really are: crops are found all the same, but not where
   * boxes lie on a part of the photo that looks like another, as a clear sky.
   *
   * @param folder its path
   * @param photos the faces of each, or the people whose faces they are; `[]` where there is nobody
   * @throws UnreadableImageError for a photo that is not there, or no JPEG, PNG, WebP, GIF, TIFF or AVIF
   *
   * @example
   * await vision.declarePhotos('test/photos', {
   *   'ada.jpg': ['ada'],
   *   'party.jpg': ['grace', { person: 'ada', box: { left: 0.6, top: 0.2, width: 0.1, height: 0.2 } }],
   *   'sea.jpg': [],
   * });
   */
  declarePhotos(
    folder: string,
    photos: Readonly<Record<string, readonly (string | DeclaredFace)[]>>,
  ): Promise<void>;
}

/** A picture of which nobody has said who is in it. Declare it: as `[]` where there is nobody. */
export class UndeclaredPhotoError extends RekollectError {
  readonly code = 'UNDECLARED_PHOTO';

  constructor(width: number, height: number) {
    super(
      `A picture of ${width} by ${height} pixels was sent, and is none of those that were declared. ` +
        'Declare it with `declarePhotos`, with [] for nobody; so too a crop that is not cut as Rekollect cuts.',
    );
    this.name = 'UndeclaredPhotoError';
  }
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

const DECLARED_FACES: OptionChecks<DeclaredFacesOptions> = {
  similarity(argument, value) {
    const [lowest, highest] = Array.isArray(value) ? value : [];
    if (!(isSimilarity(lowest) && isSimilarity(highest) && lowest <= highest))
      throw new InvalidArgumentError(argument, value, 'two numbers above 1, up to 100, the lower one first');
  },
  seed(argument, value) {
    if (!Number.isFinite(value)) throw new InvalidArgumentError(argument, value, 'a number');
  },
  lookalikes(argument, value) {
    const isPair = (pair: Partial<Lookalikes> | null) =>
      isSimilarity(pair?.similarity) && Array.isArray(pair?.people) && pair.people.length === 2;
    if (!Array.isArray(value) || !value.every(isPair))
      throw new InvalidArgumentError(
        argument,
        value,
        "an array of { people: ['ada', 'ida'], similarity: 92 }",
      );
  },
};

type Vectors = Record<keyof typeof SPACES, FaceVector>;

/** How alike two photos of a person are where nothing else is said. */
const GOOD_PHOTOS = [99.97, 99.97] as const;

/**
 * Face models for tests: photos whose faces you declare, and a `Vision` that sees just those.
 *
 * @example
 * const vision = declaredFaces();
 * const client = new LocalRekognition({ vision });
 * const photo = await vision.photo([{ person: 'ada' }, { person: 'grace', yaw: 70 }]);
 * await client.send(new IndexFacesCommand({ CollectionId: 'team', Image: { Bytes: photo } }));
 */
export function declaredFaces(options: DeclaredFacesOptions = {}): DeclaredFaces {
  const { similarity = GOOD_PHOTOS, seed = 1, lookalikes = [] } = checkOptions(options, DECLARED_FACES);
  const vectors = new DeclaredVectors({ similarity, seed, lookalikes });
  const declared: { face: DeclaredFace; vectors: Vectors }[] = [];
  const realPhotos = new RealPhotos();

  /** @returns the number of the face, which is the number of its colour too */
  const declare = (face: DeclaredFace) => {
    const number = declared.length + 1;
    if (number === COLORS) throw new InvalidArgumentError('faces', number, `fewer than ${COLORS}`);
    return declared.push({ face, vectors: vectors.of(face, number) });
  };

  return {
    space: SPACES.face,
    profileSpace: SPACES.profile,

    async photo(people, options = {}) {
      const { width = 640, height = 480 } = checkOptions(options, DECLARED_PHOTO);
      const faces = toFaces(people, 'faces');
      const rectangles = faces.map((face, i) => {
        const { left, top, ...size } = toPixels(face.box ?? sideBySide(i, faces.length), { width, height });
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

    async declarePhotos(folder, photos) {
      const all = Object.entries(photos).map(async ([name, people]) => {
        const faces = toFaces(people, `photos['${name}']`);
        const path = join(folder, name);
        const bytes = await readFile(path).catch((cause) => {
          throw new UnreadableImageError(path, 'NOT_FOUND', 'it cannot be read.', { cause });
        });
        const { data, info } = await decode(bytes, path);
        return { bytes, faces, brightness: await Brightness.of(data, info) };
      });
      // In the order of the table, whichever was read first: numbers make faces what they are.
      for (const { bytes, faces, brightness } of await Promise.all(all)) {
        const numbered = faces.map((face, i) => ({
          number: declare(face),
          box: clampToImage(face.box ?? sideBySide(i, faces.length)),
        }));
        realPhotos.add(bytes, { brightness, faces: numbered });
      }
    },

    async analyze(image, { vectors, attributes, maxFaces = Number.POSITIVE_INFINITY, signal }) {
      signal?.throwIfAborted();
      const { data, info } = await decode(image, 'the photo');
      signal?.throwIfAborted();
      const found = realPhotos.isEmpty ? undefined : realPhotos.find(image, await Brightness.of(data, info));
      const rectangles =
        found?.map(({ number, box }) => ({ number, ...scaledTo(info, box) })) ??
        findRectangles(data, info, declared.length);
      if (!found && !realPhotos.isEmpty && !isDrawn(data, rectangles))
        throw new UndeclaredPhotoError(info.width, info.height);
      return rectangles
        .sort((a, b) => b.width * b.height - a.width * a.height)
        .map(({ number, ...rectangle }, rank) => {
          const { face, vectors: all } = declared[number - 1]!;
          return {
            ...seenFace(face, rectangle, info, attributes),
            ...(rank < maxFaces && vectorsOf(face, all, vectors)),
          };
        });
    },

    async close() {},
  };
}

/** The faces, and those of people who are given by their names. */
function toFaces(given: readonly (string | DeclaredFace)[], argument: string): DeclaredFace[] {
  if (!Array.isArray(given)) throw new InvalidArgumentError(argument, given, 'an array of faces or people');
  return given.map((face: string | DeclaredFace, i) => {
    if (typeof face === 'string') return { person: face };
    const { box } = checkOptions(face, DECLARED_FACE, `${argument}[${i}]`);
    if (box && !(area(clampToImage(box)) > 0))
      throw new InvalidArgumentError(
        `${argument}[${i}].box`,
        box,
        'a box of which some part lies in the photo',
      );
    return face;
  });
}

function isSimilarity(value: unknown): value is number {
  // 1 and less is of another scale: 0.9 of 100 is a stranger.
  return typeof value === 'number' && value > 1 && value <= 100;
}

async function decode(image: Uint8Array, name: string) {
  try {
    return await sharp(image)
      .autoOrient()
      .flatten()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new UnreadableImageError(name, 'NOT_AN_IMAGE', 'cannot be decoded.', { cause: error });
  }
}

/** How much of a drawn picture is faces and black at least. */
const LEAST_DRAWN = 1 / 3;

/**
 * Whether a picture was drawn by `photo`, or cut out of one: it is faces and black for the most part, where real photos
 * have patches of a face's colour at most. Neighbours that were painted over are neither, and a JPEG is not quite black.
 */
function isDrawn(pixels: Uint8Array, faces: readonly PixelBox[]): boolean {
  let drawn = faces.reduce((sum, face) => sum + area(face), 0);
  for (let at = 0; at < pixels.length; at += 3)
    if (pixels[at]! < 8 && pixels[at + 1]! < 8 && pixels[at + 2]! < 8) drawn += 1;
  return drawn >= LEAST_DRAWN * (pixels.length / 3);
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
  box: PixelBox,
  photo: PixelSize,
  withAttributes: boolean,
): AnalyzedFace {
  const { left, top, width, height } = box;
  const at = (x: number, y: number) => ({
    x: (left + x * width) / photo.width,
    y: (top + y * height) / photo.height,
  });
  return {
    detail: {
      boundingBox: toRatios(box, photo),
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
  { isProfile = false }: DeclaredFace,
  { face, profile }: Vectors,
  vectors: VisionRequest['vectors'],
): Pick<AnalyzedFace, 'vector' | 'profileVector'> {
  return {
    ...(vectors && !isProfile && { vector: face }),
    ...((vectors === 'to-keep' || (vectors && isProfile)) && { profileVector: profile }),
  };
}

/** The box of the i-th of n faces that stand in a row, each a little smaller than the one before. */
function sideBySide(i: number, n: number): BoundingBox {
  const room = 1 / n;
  const width = room * (0.6 - 0.2 * (i / n));
  return { left: room * (i + 0.2), top: 0.2, width, height: 0.5 };
}

/** A box of ratios in pixels, which it need not end at. */
function scaledTo(photo: PixelSize, { left, top, width, height }: BoundingBox): PixelBox {
  return {
    left: left * photo.width,
    top: top * photo.height,
    width: width * photo.width,
    height: height * photo.height,
  };
}
