import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fromPortableGrayMap } from '../read-portable-gray-map.js';

/** A photo, and what is known about it. */
export interface LabelledPhoto {
  path: string;
  /** Whose portrait it is: the largest face is theirs. A person is the path of their folder. */
  person?: string;
  /** Who is in a group photo, in no order, and how many faces there are in all. */
  group?: { people: string[]; faces: number };
  /** Nobody in it is in a folder. */
  isOfStrangers?: boolean;
}

const IMAGE = /\.(jpe?g|png|webp|pgm)$/i;

/**
 * The photos of a folder of any depth. A folder that holds images is a person, unless its name begins with `_`: all
 * in `_unknown` are strangers, and the others are passed over. Lines of a `groups.csv` beside the people's folders
 * (`image,known_people,other_faces,note`, with names between semicolons) say who is in which photo.
 */
export async function readLabelledPhotos(directory: string): Promise<LabelledPhoto[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const tables = paths.filter((path) => basename(path) === 'groups.csv');
  const groups = (await Promise.all(tables.map((table) => readGroups(table, directory)))).flat();
  const isInGroups = new Set(groups.map(({ path }) => path));
  const others = paths.filter((path) => IMAGE.test(path) && !isInGroups.has(path));
  return [
    ...others.flatMap((path): LabelledPhoto[] => {
      const folder = dirname(path);
      if (basename(folder) === '_unknown') return [{ path, isOfStrangers: true }];
      const person = relative(directory, folder);
      return person === '' || basename(folder).startsWith('_') ? [] : [{ path, person }];
    }),
    ...groups,
  ];
}

async function readGroups(table: string, directory: string): Promise<LabelledPhoto[]> {
  const [, ...lines] = (await readFile(table, 'utf8')).trim().split(/\r?\n/);
  return lines.map((line) => {
    const [image = '', known = '', others = '0'] = line.split(',');
    const people = known
      .split(';')
      .filter(Boolean)
      .map((name) => relative(directory, join(dirname(table), name)));
    return { path: join(dirname(table), image), group: { people, faces: people.length + Number(others) } };
  });
}

/** The bytes of a photo in a format that sharp reads. */
export async function readPhoto(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return path.endsWith('.pgm') ? fromPortableGrayMap(bytes) : bytes;
}

const SAMPLES = 'node_modules/@vladmandic/face-api/demo';
/** Faces in each of the sample photos of @vladmandic/face-api, counted by eye. */
const FACES_IN_SAMPLES = [3, 3, 3, 4, 5, 4];

export const SAMPLE_PHOTOS: readonly LabelledPhoto[] = FACES_IN_SAMPLES.map((faces, i) => ({
  path: join(SAMPLES, `sample${i + 1}.jpg`),
  group: { people: [], faces },
}));
