import { stat } from 'node:fs/promises';
import type { BucketOptions, ImageSource, People } from '../index.js';
import { checkInstalled } from '../packages.js';
import { type PlaceOptions, s3Client } from './place.js';

/** The photos that arguments name: files, folders with all that lies in them, and both in S3. */
export async function* photosOf(
  given: readonly string[],
  place: PlaceOptions,
): AsyncGenerator<ImageSource, void, void> {
  for (const argument of given) {
    const object = s3Address(argument);
    const isOne = object ? object.key !== '' && !object.key.endsWith('/') : !(await isFolder(argument));
    if (isOne) yield photoOf(argument, place);
    else yield* await photosUnder(argument, place);
  }
}

/** A photo by its path or its `s3://` address. */
export async function photoOf(argument: string, place: PlaceOptions): Promise<ImageSource> {
  const { fromFile, fromS3 } = await import('../index.js');
  const object = s3Address(argument);
  return object ? fromS3(object, { client: await s3Client(place) }) : fromFile(argument);
}

/** The people of a folder, or of a folder in S3: each of its folders is one. */
export async function peopleOf(argument: string, place: PlaceOptions): Promise<People> {
  const { fromBucket, fromFolder } = await import('../index.js');
  const object = s3Address(argument);
  return object ? fromBucket(await bucketOf(object, place)) : fromFolder(argument);
}

/** All photos of a folder, or of a folder in S3, at any depth. */
async function photosUnder(argument: string, place: PlaceOptions): Promise<AsyncIterable<ImageSource>> {
  const { photosInBucket, photosInFolder } = await import('../index.js');
  const object = s3Address(argument);
  return object ? photosInBucket(await bucketOf(object, place)) : photosInFolder(argument);
}

async function bucketOf({ bucket, key }: S3Address, place: PlaceOptions): Promise<BucketOptions> {
  checkInstalled('Reading from S3', [['@aws-sdk/client-s3']]);
  return { bucket, prefix: key, client: await s3Client(place) };
}

interface S3Address {
  bucket: string;
  key: string;
}

function s3Address(argument: string): S3Address | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(argument) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
