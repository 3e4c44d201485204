import { type Dirent, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFunction, checkOptions } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { fromFile } from '../images/from-file.js';
import type { ImageSource } from '../images/image-source.js';
import { type LeftOutFile, type LeftOutReason, type Person, userIdFor, whyLeftOut } from './people.js';

/**
 * People from a folder: each of its folders is a person, whose photos lie in it at any depth. People and photos come
 * in the order of their names, and each iteration reads the folder anew.
 *
 * A folder's name becomes the user id by `toUserId`: "ada" stays as it is, others are escaped. A photo is known by its
 * path inside the person's folder, so moving the whole folder changes nothing.
 *
 * @throws InvalidArgumentError when there is no such folder
 *
 * @example
 * ```ts
 * const report = await team.enrollMany(fromFolder('people'));
 * ```
 */
export function fromFolder(path: string | URL): AsyncIterable<Person | LeftOutFile> {
  const root = checkFolder(path);
  return { [Symbol.asyncIterator]: () => peopleIn(root) };
}

/**
 * All photos of a folder, at any depth, in the order of their names. Each iteration reads the folder anew.
 *
 * @param options.onLeftOut called for each file that is no photo, with the reason
 * @throws InvalidArgumentError when there is no such folder
 *
 * @example
 * ```ts
 * for await (const found of team.searchPhotos(photosInFolder('party'))) console.log(found.photo.name, found.status);
 * ```
 */
export function photosInFolder(
  path: string | URL,
  options: { onLeftOut?: ((file: LeftOutFile) => void) | undefined } = {},
): AsyncIterable<ImageSource> {
  const root = checkFolder(path);
  const { onLeftOut } = checkOptions(options, { onLeftOut: checkFunction });
  async function* photos(): AsyncGenerator<ImageSource, void, void> {
    const folder: Folder = { kind: 'folder', path: root, inside: new Set([await realpath(root)]) };
    for await (const file of filesIn(folder)) {
      if ('leftOut' in file) onLeftOut?.(file);
      else yield photo(file.path, relative(root, file.path));
    }
  }
  return { [Symbol.asyncIterator]: photos };
}

function checkFolder(path: string | URL): string {
  const root = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : path;
  if (typeof root === 'string' && statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root;
  throw new InvalidArgumentError('path', path, 'the path of a folder');
}

async function* peopleIn(root: string): AsyncGenerator<Person | LeftOutFile, void, void> {
  const inside = new Set([await realpath(root)]);
  for (const entry of await entriesOf(root)) {
    const found = await lookAt(join(root, entry.name), entry.name, inside);
    if ('leftOut' in found) yield found;
    else if (found.kind === 'file') yield { leftOut: found.path, reason: 'IN_NO_FOLDER' };
    else {
      const images: ImageSource[] = [];
      for await (const file of filesIn(found)) {
        if ('leftOut' in file) yield file;
        else images.push(photo(file.path, relative(found.path, file.path)));
      }
      const userId = userIdFor(entry.name);
      if (userId === undefined) yield { leftOut: found.path, reason: 'NO_USER_ID' };
      else yield { userId, images };
    }
  }
}

interface Folder {
  readonly kind: 'folder';
  readonly path: string;
  /** The folders it lies in, and itself, without links. */
  readonly inside: ReadonlySet<string>;
}

interface PhotoFile {
  readonly kind: 'file';
  readonly path: string;
}

async function* filesIn(folder: Folder): AsyncGenerator<PhotoFile | LeftOutFile, void, void> {
  let entries: Dirent[];
  try {
    entries = await entriesOf(folder.path);
  } catch (error) {
    yield { leftOut: folder.path, reason: reasonOf(error) };
    return;
  }
  for (const { name } of entries) {
    const found = await lookAt(join(folder.path, name), name, folder.inside);
    if ('leftOut' in found || found.kind === 'file') yield found;
    else yield* filesIn(found);
  }
}

/** What lies at a path, where links lead. */
async function lookAt(
  path: string,
  name: string,
  inside: ReadonlySet<string>,
): Promise<Folder | PhotoFile | LeftOutFile> {
  if (name.startsWith('.')) return { leftOut: path, reason: 'HIDDEN' };
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      const real = await realpath(path);
      return inside.has(real)
        ? { leftOut: path, reason: 'NO_FILE' }
        : { kind: 'folder', path, inside: new Set([...inside, real]) };
    }
    const reason = stats.isFile() ? whyLeftOut(name, stats.size) : 'NO_FILE';
    return reason ? { leftOut: path, reason } : { kind: 'file', path };
  } catch (error) {
    return { leftOut: path, reason: reasonOf(error) };
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws the error when it is about more than this path, as too many open files are */
function reasonOf(error: unknown): LeftOutReason {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'NO_PERMISSION';
  if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return 'NO_FILE';
  throw error;
}

function photo(path: string, name: string): ImageSource {
  return fromFile(path, { photoName: name.split(sep).join('/') });
}
