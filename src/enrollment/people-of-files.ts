import type { ImageSource } from '../images/image-source.js';
import { type LeftOutFile, type LeftOutReason, type Person, userIdFor, whyLeftOut } from './people.js';

/** A file, as a listing that knows no folders tells of it. */
export interface ListedFile {
  /** Below the folder that holds the people's folders: one of these, folders in it at any depth, the file's name. */
  path: readonly string[];
  bytes: number;
  /** What a report calls it. */
  name: string;
  /** Why it cannot be read, where the listing tells. */
  unreadable?: LeftOutReason | undefined;
  toPhoto(photoName: string): ImageSource;
}

/** People of files that are listed in order, those of one person together. The listing is read as people are taken. */
export async function* peopleOfFiles(
  files: Iterable<ListedFile> | AsyncIterable<ListedFile>,
): AsyncGenerator<Person | LeftOutFile, void, void> {
  let folder: { name: string; images: ImageSource[] } | undefined;
  for await (const file of files) {
    const [name = '', ...inside] = file.path;
    const reason = whyFileIsLeftOut(file);
    if (reason) {
      yield { leftOut: file.name, reason };
      continue;
    }
    if (folder && folder.name !== name) yield toPerson(folder);
    if (folder?.name !== name) folder = { name, images: [] };
    folder.images.push(file.toPhoto(inside.join('/')));
  }
  if (folder) yield toPerson(folder);
}

/** Why a file is no photo, as far as its path and size tell. */
export function whyNoPhoto({ path, bytes }: Pick<ListedFile, 'path' | 'bytes'>): LeftOutReason | undefined {
  return path.some((part) => part.startsWith('.')) ? 'HIDDEN' : whyLeftOut(path.at(-1) ?? '', bytes);
}

function whyFileIsLeftOut(file: ListedFile): LeftOutReason | undefined {
  const reason = whyNoPhoto(file);
  if (reason) return reason;
  if (file.path.length === 1 || file.path[0] === '') return 'IN_NO_FOLDER';
  if (file.unreadable) return file.unreadable;
  return userIdFor(file.path[0]!) === undefined ? 'NO_USER_ID' : undefined;
}

function toPerson({ name, images }: { name: string; images: readonly ImageSource[] }): Person {
  return { userId: userIdFor(name)!, images };
}
