import { types } from 'node:util';
import { checkOptions, checkString } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { ImageSource } from './image-source.js';

/**
 * An image in memory: an upload, or bytes of your own making. They are not copied, so leave them as they are while
 * the source is in use.
 *
 * @param options.photoName see `ImageSource`
 * @param options.name what results and errors call the image; says only how many bytes there are when left out
 * @throws InvalidArgumentError for a string: decode base64 and data URLs first
 *
 * @example
 * ```ts
 * fromBuffer(await request.arrayBuffer(), { name: 'upload' });
 * fromBuffer(Buffer.from(base64, 'base64'));
 * ```
 */
export function fromBuffer(
  bytes: Uint8Array | ArrayBuffer,
  options: { name?: string | undefined; photoName?: string | undefined } = {},
): ImageSource {
  const image = toBytes(bytes);
  const { name, photoName } = checkOptions(options, { name: checkString, photoName: checkString });
  return {
    name: name ?? `buffer (${image.length} bytes)`,
    ...(photoName !== undefined && { photoName }),
    async read({ signal } = {}) {
      signal?.throwIfAborted();
      return image;
    },
  };
}

function toBytes(bytes: unknown): Uint8Array {
  if (types.isUint8Array(bytes)) return bytes;
  if (types.isAnyArrayBuffer(bytes)) return new Uint8Array(bytes);
  if (typeof bytes === 'string') {
    // The text may be an image in base64, and images do not belong in messages.
    throw new InvalidArgumentError(
      'bytes',
      `a string of ${bytes.length} characters`,
      'a Uint8Array or an ArrayBuffer. For base64, or what follows the comma of a data URL, give ' +
        'Buffer.from(text, "base64"); for a path use fromFile',
    );
  }
  throw new InvalidArgumentError('bytes', bytes, 'a Uint8Array or an ArrayBuffer', howToRead(bytes));
}

/** How to get the bytes of what uploads come as. */
function howToRead(upload: unknown): string | undefined {
  if (typeof upload !== 'object' || upload === null) return undefined;
  if ('arrayBuffer' in upload) return 'Give what its arrayBuffer() resolves to.';
  if ('buffer' in upload) return 'Give its buffer.';
  if (Symbol.asyncIterator in upload) return 'Read it first: await buffer(stream), of node:stream/consumers.';
  return undefined;
}
