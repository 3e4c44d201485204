import { checkUserId } from '../arguments.js';
import { untilAborted } from '../enrollment/enroll-many.js';
import { checkEntry, type LeftOutFile, type People, type Person } from '../enrollment/people.js';
import { checkImage, type ImageSource } from '../images/image-source.js';

/** Photos whose largest face is known, and the files that are nobody's photo. */
export interface Probes {
  readonly people: readonly LabelledPerson[];
  readonly leftOut: readonly LeftOutFile[];
}

/** Somebody and their photos, all of which are at hand. */
export interface LabelledPerson extends Person {
  readonly images: readonly ImageSource[];
}

/** A photo, and whose it is. */
export interface LabelledPhoto {
  readonly userId: string;
  readonly image: ImageSource;
}

/** Lists everybody's photos. None is read. */
export async function listProbes(
  probes: People,
  signal: AbortSignal = new AbortController().signal,
): Promise<Probes> {
  const images = new Map<string, ImageSource[]>();
  const leftOut: LeftOutFile[] = [];
  for await (const entry of untilAborted(probes, signal)) {
    checkEntry(entry);
    if ('leftOut' in entry) {
      leftOut.push(entry);
      continue;
    }
    const { userId } = entry;
    checkUserId(userId);
    const own = images.get(userId) ?? [];
    images.set(userId, own);
    for await (const image of entry.images) {
      checkImage(image, `the images of ${userId}`);
      own.push(image);
    }
  }
  signal.throwIfAborted();
  return { people: Array.from(images, ([userId, own]) => ({ userId, images: own })), leftOut };
}

export function photosOf(people: readonly LabelledPerson[]): LabelledPhoto[] {
  return people.flatMap(({ userId, images }) => images.map((image) => ({ userId, image })));
}

/** What a collection of users of so many faces is made of, and searched for. */
export interface SplitPhotos {
  readonly facesPerUser: number;
  /** Everybody who has more photos than that, and the first so many of them. */
  readonly enrolled: readonly LabelledPerson[];
  /** All other photos; none where nobody can be enrolled. */
  readonly searched: readonly LabelledPhoto[];
}

export function splitAt(facesPerUser: number, people: readonly LabelledPerson[]): SplitPhotos {
  const has = ({ images }: LabelledPerson) => images.length > facesPerUser;
  const part = (some: readonly LabelledPerson[], from: number, to?: number) =>
    some.map(({ userId, images }) => ({ userId, images: images.slice(from, to) }));
  const [known, others] = [people.filter(has), people.filter((person) => !has(person))];
  return {
    facesPerUser,
    enrolled: part(known, 0, facesPerUser),
    searched: known.length === 0 ? [] : photosOf([...part(known, facesPerUser), ...others]),
  };
}
