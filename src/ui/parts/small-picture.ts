import { clampToImage, widen } from '../../images/bounding-box.js';
import type { ImageSource } from '../../images/image-source.js';
import { toPixels } from '../../images/pixel-box.js';
import type { BoundingBox } from '../../types.js';
import { blank, openBitmap } from '../browser/canvas.js';

/** Pixels of the shorter side: twice what the page shows, for dense screens. */
const SIDE = 192;
/** What shows of a head around its box, as a ratio of the box's sides, on each of the four. */
export const HEAD_MARGIN = 0.35;
const WHOLE: BoundingBox = { left: 0, top: 0, width: 1, height: 1 };

/** A picture of a photo, or of one face of it, that is cheap to show: hundreds of whole ones would fill the memory. */
export function smallPicture(photo: ImageSource, face?: { boundingBox: BoundingBox }): ImageSource {
  return {
    name: photo.name,
    async read({ signal } = {}) {
      const bitmap = await openBitmap(photo, signal);
      try {
        const box = face ? clampToImage(widen(face.boundingBox, HEAD_MARGIN)) : WHOLE;
        const { left, top, width, height } = toPixels(box, bitmap);
        const scale = SIDE / Math.min(width, height);
        const { canvas, context } = blank(Math.round(width * scale), Math.round(height * scale));
        context.imageSmoothingQuality = 'medium';
        context.drawImage(bitmap, left, top, width, height, 0, 0, canvas.width, canvas.height);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
        return new Uint8Array(await blob.arrayBuffer());
      } finally {
        bitmap.close();
      }
    },
  };
}
