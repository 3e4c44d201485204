import type { ImageSource } from './image-source.js';

/** The same source, whose bytes are fetched once however often they are read: first to be sent, then to be cut. */
export function readOnce(source: ImageSource): ImageSource {
  const { name, s3Object, photoName, etag } = source;
  let bytes: Promise<Uint8Array> | undefined;
  return {
    name,
    ...(s3Object && { s3Object }),
    ...(photoName !== undefined && { photoName }),
    ...(etag !== undefined && { etag }),
    read(options) {
      bytes ??= source.read(options);
      return bytes;
    },
  };
}
