/** A rectangle in pixels of one particular image; may reach past its borders. */
export interface PixelBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function area(box: PixelBox): number {
  return box.width * box.height;
}

export function intersection(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

/** Intersection over union, 0 (apart) to 1 (equal). */
export function overlap(a: PixelBox, b: PixelBox): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (area(a) + area(b) - shared);
}

/** How much of the smaller box lies inside the other, 0 to 1. */
export function containment(a: PixelBox, b: PixelBox): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / Math.min(area(a), area(b));
}

export function scaleBox(box: PixelBox, factor: number): PixelBox {
  return {
    left: box.left * factor,
    top: box.top * factor,
    width: box.width * factor,
    height: box.height * factor,
  };
}

/** A box with room on each side, in ratio to its width and height. */
export function widen({ left, top, width, height }: PixelBox, room: number): PixelBox {
  return {
    left: left - room * width,
    top: top - room * height,
    width: width * (1 + 2 * room),
    height: height * (1 + 2 * room),
  };
}
