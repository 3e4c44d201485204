import type { S3ObjectReference } from './types.js';

/** An image as the service takes it: a JPEG or PNG of at most 5,242,880 bytes, or an object that it reads in place. */
export type SendableImage = { bytes: Uint8Array } | { s3Object: S3ObjectReference };
