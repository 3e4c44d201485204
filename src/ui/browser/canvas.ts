import { UnreadableImageError } from '../../errors.js';
import type { JpegEncoder } from '../../images/encode-within-limit.js';
import type { ImageSource } from '../../images/image-source.js';
import { readImage } from '../../images/read-image.js';

/**
 * The pixels of an image, upright, as the browser decodes it.
 *
 * @throws UnreadableImageError for what it cannot decode
 */
export async function openBitmap(source: ImageSource, signal?: AbortSignal): Promise<ImageBitmap> {
  const bytes = await readImage(source, signal);
  if (bytes.length === 0) throw new UnreadableImageError(source.name, 'NOT_AN_IMAGE', 'it is empty.');
  try {
    return await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  } catch (cause) {
    throw new UnreadableImageError(
      source.name,
      'UNSUPPORTED_FORMAT',
      'this browser cannot decode it. Convert it to JPEG or PNG first.',
      { cause },
    );
  }
}

/** Encodes an image, on white where it is transparent. */
export function jpegOf(image: ImageBitmap | OffscreenCanvas): JpegEncoder {
  return async ({ width, height }, quality) => {
    const { canvas, context } = blank(Math.round(width), Math.round(height));
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
    return new Uint8Array(await blob.arrayBuffer());
  };
}

/** White, in pixels. */
export function blank(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false })!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}
