import { widen } from '../../src/images/bounding-box.js';
import { type RgbImage, toSharp } from '../../src/images/decode.js';
import type { PixelBox } from '../../src/local/vision/pixels/pixel-box.js';
import type { HardKind } from './variant.js';

/** Faces that fill the picture. The box goes from forehead to chin and from ear to ear, so hair and neck are lost. */
export const CUTS: readonly HardKind[] = [
  cutAround('cut around the face, with a margin of 10 %', 0.1),
  cutAround('cut around the face, without a margin', 0),
];

/** @param margin on each side, in ratio to the box */
function cutAround(name: string, margin: number): HardKind {
  return {
    name,
    async make({ image, boxes: [face] }) {
      const region = wholePixels(widen(face!, margin), image);
      return {
        bytes: await (await toSharp(image)).extract(region).png().toBuffer(),
        width: region.width,
        height: region.height,
        place: (box) => ({ ...box, left: box.left - region.left, top: box.top - region.top }),
      };
    },
  };
}

/** The part of a box that is in the image. */
export function wholePixels(box: PixelBox, image: Pick<RgbImage, 'width' | 'height'>): PixelBox {
  const left = Math.max(0, Math.round(box.left));
  const top = Math.max(0, Math.round(box.top));
  return {
    left,
    top,
    width: Math.min(image.width, Math.round(box.left + box.width)) - left,
    height: Math.min(image.height, Math.round(box.top + box.height)) - top,
  };
}
