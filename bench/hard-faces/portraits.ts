import { randomNumbers, shuffled } from '../../src/evaluation/random.js';
import { decode, type RgbImage } from '../../src/images/decode.js';
import { userVector } from '../../src/local/records/user-vector.js';
import type { FaceVectors } from '../../src/local/search/face-vectors.js';
import type { FaceModels } from '../../src/local/vision/face-models.js';
import type { PixelBox } from '../../src/local/vision/pixels/pixel-box.js';
import type { AnalyzedFace } from '../../src/local/vision/vision.js';
import { type LabelledPhoto, readPhoto } from '../accuracy/labelled-photos.js';

/** A photo as the engine reads it untouched: whatever is done to it is compared with this. */
export interface Untouched {
  path: string;
  bytes: Uint8Array;
  image: RgbImage;
  /** The one with the largest box first. */
  faces: readonly AnalyzedFace[];
  /** Where the faces are, in pixels and in the same order. */
  boxes: readonly PixelBox[];
}

/** A photo of a person to make hard ones of. The face that is looked for is the largest. */
export interface Portrait extends Untouched {
  /** By number. */
  person: number;
  /** The same person's user vectors, of other photos. */
  user: FaceVectors;
}

/** How many other photos a user is made of, at most: what the documentation calls a user of three. */
const USER_SIZE = 3;

/**
 * Chooses portraits of people who have more than one: first one of everybody, in an order that looks random and is
 * the same in every run, then a second one, and so on.
 */
export function choosePortraits(photos: readonly LabelledPhoto[], wanted: number): ChosenPortrait[] {
  const byPerson = new Map<string, string[]>();
  for (const { person, path } of photos)
    if (person !== undefined) byPerson.set(person, [...(byPerson.get(person) ?? []), path]);
  const random = randomNumbers(1);
  const people = shuffled([...byPerson.values()], random)
    .filter((paths) => paths.length > 1)
    .map((paths) => shuffled(paths, random));
  const most = Math.max(0, ...people.map((paths) => paths.length));
  return Array.from({ length: most }, (_, round) =>
    people.flatMap((paths, person) => {
      const path = paths[round];
      if (path === undefined) return [];
      const others = [...paths.slice(round + 1), ...paths.slice(0, round)].slice(0, USER_SIZE);
      return [{ person, path, others }];
    }),
  )
    .flat()
    .slice(0, wanted);
}

export interface ChosenPortrait {
  person: number;
  path: string;
  /** The photos that the person's user is made of. */
  others: readonly string[];
}

/** Reads a chosen portrait; nothing when no face is found in it, or in none of the others. */
export async function readPortrait(
  models: FaceModels,
  { person, path, others }: ChosenPortrait,
): Promise<Portrait | undefined> {
  const [portrait, ...rest] = await Promise.all([path, ...others].map((each) => readUntouched(models, each)));
  const photosOf = rest.flatMap(({ faces: [largest] }) => largest ?? []);
  if (!portrait || portrait.faces.length === 0 || photosOf.length === 0) return undefined;
  const front = photosOf.flatMap(({ vector }) => vector ?? []);
  const profile = photosOf.flatMap(({ profileVector }) => profileVector ?? []);
  const user = {
    ...(front.length > 0 && { front: userVector(models.space.metric, front) }),
    ...(profile.length > 0 && { profile: userVector('cosine', profile) }),
  };
  return { ...portrait, person, user };
}

export async function readUntouched(models: FaceModels, path: string): Promise<Untouched> {
  const bytes = await readPhoto(path);
  const image = await decode(path, bytes);
  // Attributes bring all landmarks, which masks and sunglasses are drawn by.
  const faces = await models.analyze(bytes, { vectors: 'to-keep', attributes: true });
  return { path, bytes, image, faces, boxes: faces.map((face) => boxIn(face, image)) };
}

/** Where a face is, in pixels of the image. */
export function boxIn(
  { detail: { boundingBox } }: AnalyzedFace,
  image: Pick<RgbImage, 'width' | 'height'>,
): PixelBox {
  return {
    left: boundingBox.left * image.width,
    top: boundingBox.top * image.height,
    width: boundingBox.width * image.width,
    height: boundingBox.height * image.height,
  };
}
