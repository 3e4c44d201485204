/** An object in S3 that the service can read in place. */
export interface S3ObjectReference {
  bucket: string;
  key: string;
  version?: string | undefined;
}

/**
 * Where an image comes from. `fromFile`, `fromBuffer` and `fromS3` are built in; an object with a name and a
 * `read` is a fourth.
 */
export interface ImageSource {
  /** What results and errors call it: a path, an `s3://` address, a URL. */
  readonly name: string;
  /** The image's bytes, JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC. May be called again, and must give the same bytes. */
  read(options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array>;
  /** Where Rekognition can read the image itself. It is then not downloaded, unless a part of it is cut out. */
  readonly s3Object?: S3ObjectReference;
  /**
   * Your name for the photo, as its path in the person's folder. It is kept with the faces that are enrolled from it,
   * and listed as their `photoName`. One that takes more than 182 characters once it is escaped is cut.
   */
  readonly photoName?: string;
  /** Something short that is another whenever the content is, as the ETag of S3: the content need not be read to know it. */
  readonly etag?: string;
}
