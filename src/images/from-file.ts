import { fileURLToPath } from 'node:url';
import { checkOptions, checkString } from '../arguments.js';
import { InvalidArgumentError, UnreadableImageError } from '../errors.js';
import { isBase64Image } from './base64-image.js';
import { checkSourceLength } from './check-source-length.js';
import type { ImageSource } from './image-source.js';
import { NoRegularFileError, readRegularFile } from './read-file.js';

/** What the system answers when the path is the problem. Anything else (too many open files) says nothing about it. */
const PATH_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  ENOTDIR: 'there is no such file: a part of the path is not a folder.',
  EISDIR: 'this is a folder, not a file.',
  EACCES: 'this process has no permission to read the file.',
  EPERM: 'this process has no permission to read the file.',
  ELOOP: 'the path runs in a circle of links.',
  ENAMETOOLONG: 'the path is too long.',
  ENXIO: 'this is a socket or a device, not a file.',
  ENODEV: 'this is a device, not a file.',
};

/** The longest path that Linux opens (PATH_MAX), with room to spare for other systems. */
const LONGEST_PATH = 32_767;

/** What is given in place of a path, and what to do with it. */
const NO_PATHS: readonly { is: (text: string) => boolean; what: string; hint: string }[] = [
  {
    is: (text) => /^data:/i.test(text),
    what: 'a data URL',
    hint: 'Decode what follows its comma: fromBuffer(Buffer.from(text, "base64")).',
  },
  {
    is: isBase64Image,
    what: 'an image in base64',
    hint: 'Decode it: fromBuffer(Buffer.from(text, "base64")).',
  },
  {
    is: (text) => /^https?:/i.test(text),
    what: 'an address on the web',
    hint: 'Fetch it and give its bytes to fromBuffer, or write an image source whose read() fetches it.',
  },
  {
    is: (text) => /^s3:/i.test(text),
    what: 'an address in S3',
    hint: 'Use fromS3({ bucket, key }).',
  },
  { is: (text) => text.length > LONGEST_PATH, what: 'longer than any path', hint: '' },
];

/**
 * An image in a file. It is read anew each time it is needed, and its name is the path.
 *
 * @param path a path, or a `file:` URL
 * @param options.photoName see `ImageSource`
 * @throws InvalidArgumentError for something else than a path, such as the address of a web page or an image itself;
 * `read` rejects with `UnreadableImageError`: `NOT_FOUND` when no regular file can be read there, `TOO_MANY_BYTES`
 * when it has more than 512 MB
 *
 * @example
 * ```ts
 * await team.searchPhoto(fromFile('party.jpg'));
 * ```
 */
export function fromFile(path: string | URL, options: { photoName?: string | undefined } = {}): ImageSource {
  const name = toPath(path);
  const { photoName } = checkOptions(options, { photoName: checkString });
  return {
    name,
    ...(photoName !== undefined && { photoName }),
    async read({ signal } = {}) {
      try {
        return await readRegularFile(name, (bytes) => checkSourceLength(name, bytes), signal);
      } catch (error) {
        signal?.throwIfAborted();
        const problem =
          error instanceof NoRegularFileError
            ? `this is ${error.message}, not a file.`
            : PATH_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
        if (!problem) throw error;
        throw new UnreadableImageError(name, 'NOT_FOUND', problem, { cause: error });
      }
    },
  };
}

function toPath(path: string | URL): string {
  const text = path instanceof URL ? path.href : path;
  const allowed = 'the path of a file, or a file: URL';
  if (typeof text !== 'string') throw new InvalidArgumentError('path', path, allowed);
  for (const { is, what, hint } of NO_PATHS) {
    // Its kind, not its text, which may be the image itself, or hold a password.
    if (is(text))
      throw new InvalidArgumentError('path', `${what} of ${text.length} characters`, allowed, hint);
  }
  const asked = path instanceof URL || /^file:\/\//i.test(path) ? pathOf(text) : path;
  if (asked !== undefined && asked !== '' && !asked.includes('\0')) return asked;
  throw new InvalidArgumentError('path', text, allowed);
}

/** The path of a `file:` URL; none for an URL of another kind, or one that names another machine. */
function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
