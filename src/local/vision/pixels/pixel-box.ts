/** A rectangle in pixels of one particular image; may reach past its borders, and begin between two pixels. */
export interface PixelBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function scaleBox(box: PixelBox, factor: number): PixelBox {
  return {
    left: box.left * factor,
    top: box.top * factor,
    width: box.width * factor,
    height: box.height * factor,
  };
}
