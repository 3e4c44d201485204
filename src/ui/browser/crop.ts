import type * as ofNode from '../../images/crop.js';
import { planCrop } from '../../images/crop-plan.js';
import { encodeWithinLimit } from '../../images/encode-within-limit.js';
import { toRatios } from '../../images/pixel-box.js';
import { blank, jpegOf, openBitmap } from './canvas.js';

/** As `openPhoto` where there is sharp. */
export const openPhoto: typeof ofNode.openPhoto = async (source, { signal } = {}) => {
  const bitmap = await openBitmap(source, signal);
  return {
    width: bitmap.width,
    height: bitmap.height,
    async crop(boundingBox, options = {}) {
      options.signal?.throwIfAborted();
      const { region, covers, size } = planCrop(bitmap, boundingBox, options);
      const { canvas, context } = blank(region.width, region.height);
      context.drawImage(bitmap, -region.left, -region.top);
      if (covers.length > 0) context.fillStyle = averageColour(canvas);
      for (const { left, top, width, height } of covers) context.fillRect(left, top, width, height);
      const { bytes } = await encodeWithinLimit(jpegOf(canvas), size, options.signal);
      return { bytes, region: toRatios(region, bitmap) };
    },
  };
};

function averageColour(image: OffscreenCanvas): string {
  const { context } = blank(1, 1);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}
