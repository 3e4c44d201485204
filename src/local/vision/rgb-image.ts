/** Pixels in memory: red, green and blue of 0 to 255, row by row, `width · height · 3` bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Luma of ITU-R BT.601, 0 to 255, of the pixel whose red is at `offset`. */
export function lumaOf(data: Uint8Array, offset: number): number {
  return 0.299 * data[offset]! + 0.587 * data[offset + 1]! + 0.114 * data[offset + 2]!;
}
