import type { ImageSource } from './image-source.js';

/** The same source, whose bytes are fetched once however often they are read: first to be sent, then to be cut. */
export function readOnce(source: ImageSource): ImageSource {
  let bytes: Promise<Uint8Array> | undefined;
  return {
    name: source.name,
    ...(source.s3Object && { s3Object: source.s3Object }),
    read(options) {
      bytes ??= source.read(options);
      return bytes;
    },
  };
}
