import type { LeftOutFile, Person } from '../../enrollment/people.js';
import { type ListedFile, peopleOfFiles, whyNoPhoto } from '../../enrollment/people-of-files.js';
import type { ImageSource } from '../../images/image-source.js';
import type { GivenFile } from '../parts/given-file.js';
import { fromImageFile } from '../parts/image-file.js';

/** Somebody to enrol, whose photos are all listed. */
export interface ListedPerson extends Person {
  images: readonly ImageSource[];
}

/**
 * People of files that were given in folders, by the rules and in the order of `fromFolder`. Each of several folders is
 * a person. So is one alone, unless there are folders with photos in it: then these are.
 */
export async function peopleOfGivenFiles(files: readonly GivenFile[]) {
  const people: ListedPerson[] = [];
  const leftOut: LeftOutFile[] = [];
  const listed: ListedFile[] = [];
  for (const { path, file } of files) {
    if (file) listed.push(toListedFile(path, file));
    else leftOut.push({ leftOut: path.join('/'), reason: 'NO_PERMISSION' });
  }
  const above = holdsPeople(listed) ? 1 : 0;
  const below = listed.map((each) => ({ ...each, path: each.path.slice(above) })).sort(byPath);
  for await (const entry of peopleOfFiles(below)) {
    if ('leftOut' in entry) leftOut.push(entry);
    else people.push(entry as ListedPerson);
  }
  return { people, leftOut };
}

function toListedFile(path: readonly string[], file: File): ListedFile {
  const name = path.join('/');
  return {
    path,
    bytes: file.size,
    name,
    toPhoto: (photoName) => ({ ...fromImageFile(file), name, photoName }),
  };
}

function holdsPeople(files: readonly ListedFile[]): boolean {
  const folders = new Set(files.map(({ path }) => path[0]));
  return folders.size === 1 && files.some((file) => file.path.length > 2 && !whyNoPhoto(file));
}

function byPath({ path: a }: ListedFile, { path: b }: ListedFile): number {
  const differ = a.findIndex((part, index) => part !== b[index]);
  if (differ === -1) return a.length - b.length;
  const [one, other] = [a[differ]!, b[differ]];
  return other === undefined || one > other ? 1 : -1;
}
