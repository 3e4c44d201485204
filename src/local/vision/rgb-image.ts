/** Pixels in memory: red, green and blue of 0 to 255, row by row, `width · height · 3` bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
