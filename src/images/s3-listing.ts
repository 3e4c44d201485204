import { withAdvice } from '../advice.js';
import { loadS3, type S3ClientLike, s3Address, sharedClient } from './s3-download.js';

/** An object as S3 lists it. */
export interface ListedObject {
  readonly key: string;
  /** `s3://bucket/key` */
  readonly address: string;
  readonly bytes: number;
  /** Another whenever the content is. */
  readonly etag: string | undefined;
  /** It is in an archive, and cannot be read before somebody restores it. */
  readonly isArchived: boolean;
}

/**
 * The objects whose keys begin with the prefix, in the order of their keys, page by page. Of a bucket with versions,
 * those that are current.
 *
 * @throws S3's own errors; MissingPackageError without `@aws-sdk/client-s3`; TypeError when a token comes twice
 */
export async function* listObjects({
  bucket,
  prefix,
  client,
}: {
  bucket: string;
  prefix: string;
  client: S3ClientLike | undefined;
}): AsyncGenerator<ListedObject, void, void> {
  const { ListObjectsV2Command } = await loadS3();
  const s3 = client ?? (await sharedClient());
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
    const page = await s3.send(command).catch((error: unknown) => {
      throw withAdvice(error);
    });
    for (const { Key: key, Size: bytes = 0, ETag: etag, StorageClass } of page.Contents ?? []) {
      const isArchived = StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE';
      yield { key, address: s3Address({ bucket, key }), bytes, etag, isArchived };
    }
    if (token !== undefined && page.NextContinuationToken === token) {
      throw new TypeError(`S3 answered the same continuation token twice for s3://${bucket}/${prefix}.`);
    }
    token = page.NextContinuationToken;
  } while (token);
}
