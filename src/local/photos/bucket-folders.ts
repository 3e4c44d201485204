import { constants, statSync } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { checkOptions, checkS3Client } from '../../arguments.js';
import { InvalidArgumentError, MissingPackageError } from '../../errors.js';
import type { S3ClientLike } from '../../images/s3-download.js';
import { refusal } from '../protocol/refusals.js';
import { checkS3ObjectLength, type NamedS3Object, type ReadS3Object, readFromS3 } from './s3-object.js';

/** Opening must not wait for the other end of a pipe, nor take over a terminal. Windows has neither. */
const HARMLESSLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads images that requests name by `S3Object`: from folders that stand for buckets, and from S3 where a bucket has
 * no folder. Nothing outside of its folder can be named, and a symbolic link that leads out of it counts as absent.
 *
 * @param folders the folder of each bucket, by the bucket's name
 * @param options.s3 what reads other buckets; one made with the environment's settings when left out
 * @throws InvalidArgumentError when one is not a folder
 *
 * @example
 * const client = new LocalRekognition({ readS3Object: readBuckets({ photos: './photos' }) });
 */
export function readBuckets(
  folders: Readonly<Record<string, string>> = {},
  options: { s3?: S3ClientLike | undefined } = {},
): ReadS3Object {
  const { s3 } = checkOptions(options, { s3: checkS3Client });
  for (const [bucket, folder] of Object.entries(folders))
    if (!isFolder(folder))
      throw new InvalidArgumentError(`folders.${bucket}`, folder, 'a folder that exists');
  // A process may go elsewhere; its folders stay where they were.
  const paths = new Map(Object.entries(folders).map(([bucket, folder]) => [bucket, resolve(folder)]));
  const otherBucket = readFromS3(async () => s3);

  return async (object, signal) => {
    const folder = paths.get(object.Bucket);
    if (folder !== undefined) return readFromFolder(folder, object, signal);
    try {
      return await otherBucket(object, signal);
    } catch (error) {
      if (error instanceof MissingPackageError || isUnconfigured(error)) throw absent(error);
      throw error;
    }
  };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function readFromFolder(
  folder: string,
  { Name, Version }: NamedS3Object,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const names = Name.split('/');
  // A key is a name and no path: `a/../b` is an object of that very name, which a folder cannot have.
  const isPlain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !/[\0\\]/.test(name));
  // A folder keeps no versions.
  if (!isPlain || Version !== undefined) throw absent();
  try {
    const name = join(folder, ...names);
    const file = await open(name, HARMLESSLY);
    try {
      const [root, path, stats] = await Promise.all([realpath(folder), pathOf(file, name), file.stat()]);
      if (!isInside(root, path) || !stats.isFile()) throw absent();
      checkS3ObjectLength(stats.size);
      // No more than was checked, though it may grow meanwhile.
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(stats.size), 0, stats.size, 0);
      signal?.throwIfAborted();
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw absent(error);
  }
}

/**
 * Where the file lies that was opened. What its name leads to may be another one by now: links can be changed while we
 * look at them.
 */
async function pathOf(file: FileHandle, name: string): Promise<string> {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${file.fd}`);
  // No other system tells. What the name leads to now has at least to be the same file.
  const path = await realpath(name);
  const [opened, named] = await Promise.all([file.stat({ bigint: true }), stat(path, { bigint: true })]);
  if (opened.dev !== named.dev || opened.ino !== named.ino) throw absent();
  return path;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // On Windows the way to another drive is absolute.
  return way.split(sep)[0] !== '..' && !isAbsolute(way);
}

/** No Region or no credentials are configured. */
function isUnconfigured(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'CredentialsProviderError' || error.message.startsWith('Region is missing'))
  );
}

function absent(cause?: unknown) {
  const message =
    'Unable to get object metadata from S3. Check object key, region and/or access permissions.';
  return refusal('InvalidS3ObjectException', message, cause);
}
