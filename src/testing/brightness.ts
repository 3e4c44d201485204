import sharp from 'sharp';
import type { BoundingBox } from '../types.js';

/** Pixels of the longer side that a picture is looked at with: a face of a twentieth of it has 25. */
const SIDE = 512;
/** No cell differs by more than so many levels of 256: what was painted over is not worse than what is somewhere else. */
const MOST_DIFFERENCE = 32;

/** How bright each part of a picture is, in any encoding and at any size nearly the same. */
export class Brightness {
  /** Pixels of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #rows: number;
  /** The summed-area table: at row y and column x, all above and to the left added up. */
  readonly #sums: Float64Array;

  private constructor(size: { width: number; height: number }, columns: number, luma: Uint8Array) {
    this.width = size.width;
    this.height = size.height;
    this.#columns = columns;
    this.#rows = luma.length / columns;
    const stride = columns + 1;
    this.#sums = new Float64Array(stride * (this.#rows + 1));
    for (let y = 0; y < this.#rows; y++)
      for (let x = 0, sum = 0; x < columns; x++) {
        sum += luma[y * columns + x]!;
        this.#sums[(y + 1) * stride + x + 1] = this.#sums[y * stride + x + 1]! + sum;
      }
  }

  /** @param pixels RGB, row by row */
  static async of(pixels: Uint8Array, size: { width: number; height: number }): Promise<Brightness> {
    const { data, info } = await sharp(pixels, { raw: { ...size, channels: 3 } })
      .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return new Brightness(size, info.width, data);
  }

  /**
   * How much a part of this picture differs from a part of another, which may be of another size: 0 is not at all, 32
   * the most.
   *
   * @param cells on each side, which are compared one by one
   * @param most `Infinity` is answered for what differs more: that is seen after a few cells
   */
  difference(
    part: BoundingBox,
    other: Brightness,
    otherPart: BoundingBox,
    { cells, most }: { cells: number; most: number },
  ): number {
    let sum = 0;
    for (let y = 0; y < cells; y++)
      for (let x = 0; x < cells; x++) {
        if (sum > most * cells ** 2) return Number.POSITIVE_INFINITY;
        const difference = this.#mean(cell(part, x, y, cells)) - other.#mean(cell(otherPart, x, y, cells));
        sum += Math.min(MOST_DIFFERENCE, Math.abs(difference));
      }
    return sum > most * cells ** 2 ? Number.POSITIVE_INFINITY : sum / cells ** 2;
  }

  #mean({ left, top, width, height }: BoundingBox): number {
    const [right, bottom] = [left + width, top + height];
    const sum =
      this.#sum(right, bottom) - this.#sum(left, bottom) - this.#sum(right, top) + this.#sum(left, top);
    return sum / (width * this.#columns * height * this.#rows);
  }

  /** Of all above and to the left of a point between pixels. */
  #sum(left: number, top: number): number {
    const [x, y] = [left * this.#columns, top * this.#rows];
    const column = Math.min(Math.floor(x), this.#columns - 1);
    const row = Math.min(Math.floor(y), this.#rows - 1);
    const at = (down: number, right: number) =>
      this.#sums[(row + down) * (this.#columns + 1) + column + right]!;
    const [dx, dy] = [x - column, y - row];
    return (1 - dy) * ((1 - dx) * at(0, 0) + dx * at(0, 1)) + dy * ((1 - dx) * at(1, 0) + dx * at(1, 1));
  }
}

function cell({ left, top, width, height }: BoundingBox, x: number, y: number, cells: number): BoundingBox {
  return {
    left: left + (x * width) / cells,
    top: top + (y * height) / cells,
    width: width / cells,
    height: height / cells,
  };
}
