import type * as ofNode from '../../images/crop.js';
import { planCrop } from '../../images/crop-plan.js';
import { encodeWithinLimit } from '../../images/encode-within-limit.js';
import { toRatios } from '../../images/pixel-box.js';
import { blank, jpegOf, openBitmap } from './canvas.js';

/**
 * As `openPhoto` where there is sharp. Pixels are let go of when everything that was to be cut is cut, for nobody
 * collects them in time; what is cut later decodes again.
 */
export const openPhoto: typeof ofNode.openPhoto = async (source, { signal } = {}) => {
  let bitmap: Promise<ImageBitmap> | undefined = openBitmap(source, signal);
  const { width, height } = await bitmap;
  let cutting = 0;
  return {
    width,
    height,
    async crop(boundingBox, options = {}) {
      options.signal?.throwIfAborted();
      const { region, covers, size } = planCrop({ width, height }, boundingBox, options);
      const { canvas, context } = blank(region.width, region.height);
      cutting += 1;
      bitmap ??= openBitmap(source, options.signal);
      const opened = bitmap;
      try {
        context.drawImage(await opened, -region.left, -region.top);
      } finally {
        cutting -= 1;
        if (cutting === 0) {
          bitmap = undefined;
          opened.then((pixels) => pixels.close()).catch(() => {});
        }
      }
      if (covers.length > 0) context.fillStyle = averageColour(canvas);
      for (const { left, top, width, height } of covers) context.fillRect(left, top, width, height);
      const { bytes } = await encodeWithinLimit(jpegOf(canvas), size, options.signal);
      return { bytes, region: toRatios(region, { width, height }) };
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
