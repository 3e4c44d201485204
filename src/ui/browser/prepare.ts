import { encodeWithinLimit } from '../../images/encode-within-limit.js';
import type { ImageSource } from '../../images/image-source.js';
import type * as ofNode from '../../images/prepare.js';
import type { SendableImage } from '../../sendable-image.js';
import { jpegOf, openBitmap } from './canvas.js';

/** As `toSendableImage` where there is sharp. Every image becomes an upright JPEG. */
export const toSendableImage: typeof ofNode.toSendableImage = async (
  source: ImageSource,
  { signal } = {},
): Promise<SendableImage> => {
  const bitmap = await openBitmap(source, signal);
  try {
    const { bytes } = await encodeWithinLimit(jpegOf(bitmap), bitmap, signal);
    return { bytes };
  } finally {
    bitmap.close();
  }
};
