import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, UnreadableImageError } from '../errors.js';
import type { ImageSource } from './image-source.js';

/** What the system answers when the path is the problem. Anything else (too many open files) says nothing about it. */
const PATH_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  ENOTDIR: 'there is no such file: a part of the path is not a folder.',
  EISDIR: 'this is a folder, not a file.',
  EACCES: 'this process has no permission to read the file.',
  EPERM: 'this process has no permission to read the file.',
  ELOOP: 'the path runs in a circle of links.',
  ENAMETOOLONG: 'the path is too long.',
};

/**
 * An image in a file. It is read anew each time it is needed, and its name is the path.
 *
 * @param path a path, or a `file:` URL
 * @throws InvalidArgumentError for something else than a path; `read` rejects with `UnreadableImageError`
 * `NOT_FOUND` when nothing can be read there
 *
 * @example
 * ```ts
 * await team.searchPhoto(fromFile('party.jpg'));
 * ```
 */
export function fromFile(path: string | URL): ImageSource {
  const name = toPath(path);
  return {
    name,
    async read({ signal } = {}) {
      try {
        return await readFile(name, { signal });
      } catch (error) {
        signal?.throwIfAborted();
        const problem = PATH_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
        if (!problem) throw error;
        throw new UnreadableImageError(name, 'NOT_FOUND', problem, { cause: error });
      }
    },
  };
}

function toPath(path: string | URL): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  throw new InvalidArgumentError('path', path, 'the path of a file, or a file: URL');
}
