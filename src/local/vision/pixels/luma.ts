/** Luma of ITU-R BT.601, 0 to 255, of the pixel whose red, green and blue begin at `offset`. */
export function lumaOf(rgb: Uint8Array, offset: number): number {
  return 0.299 * rgb[offset]! + 0.587 * rgb[offset + 1]! + 0.114 * rgb[offset + 2]!;
}
