import type { PixelBox } from '../../../images/pixel-box.js';

export type { PixelBox } from '../../../images/pixel-box.js';

export function scaleBox(box: PixelBox, factor: number): PixelBox {
  return {
    left: box.left * factor,
    top: box.top * factor,
    width: box.width * factor,
    height: box.height * factor,
  };
}
