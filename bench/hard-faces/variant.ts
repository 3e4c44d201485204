import type { RgbImage } from '../../src/images/decode.js';
import type { PixelBox } from '../../src/local/vision/pixels/pixel-box.js';
import type { Portrait } from './portraits.js';

/** A portrait made hard. */
export interface Variant {
  /** As the engine gets it: an encoded picture. */
  bytes: Uint8Array;
  width: number;
  height: number;
  /** Where a box of the portrait is in the variant, in pixels of each. */
  place(box: PixelBox): PixelBox;
}

/** One way to make a portrait hard. */
export interface HardKind {
  name: string;
  /** No more than so many portraits; all when left out. */
  atMost?: number;
  /**
   * Makes the variant; nothing where it cannot be made of this portrait.
   *
   * @param random the same for every portrait in every run
   */
  make(portrait: Portrait, random: () => number): Promise<Variant | undefined>;
}

/** A variant of the portrait's size, in which everything stays where it is. */
export function inPlace(bytes: Uint8Array, { width, height }: Pick<RgbImage, 'width' | 'height'>): Variant {
  return { bytes, width, height, place: (box) => box };
}
