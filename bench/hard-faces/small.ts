import sharp from 'sharp';
import { toSharp } from '../../src/images/decode.js';
import { scaleBox } from '../../src/local/vision/pixels/pixel-box.js';
import { cutPieces, makeBackground } from './pieces.js';
import type { Portrait, Untouched } from './portraits.js';
import type { HardKind, Variant } from './variant.js';

/** 13.5 megapixels. */
const WIDTH = 4500;
const HEIGHT = 3000;
const FACE_WIDTHS = [240, 120, 80, 50, 30];
/**
 * Portraits with narrower faces are passed over, in all rows, so that these are about the same portraits. What is
 * enlarged for the first row is at most twice as large, and the detector sees all of them shrunk.
 */
const MIN_WIDTH = 120;
/** Large pictures take long. */
const AT_MOST = 20;
/** The photo's border fades into the background, in ratio to its shorter side: a frame would be something to see. */
const FADE = 0.06;
/** Pieces of the background are not enlarged too much. */
const SMALLEST_PIECE = 200;

/**
 * Small faces in a large photo: the portrait, shrunk, somewhere on a background of pieces of photos that show no face.
 *
 * @param photos to take the background's pieces of
 */
export function smallFaces(photos: readonly Untouched[]): HardKind[] {
  return FACE_WIDTHS.map((faceWidth) => ({
    name: `${faceWidth} pixels wide in ${WIDTH} × ${HEIGHT}`,
    atMost: AT_MOST,
    make: (portrait, random) => setInto(portrait, faceWidth, photos, random),
  }));
}

async function setInto(
  { image, boxes: [face] }: Portrait,
  faceWidth: number,
  photos: readonly Untouched[],
  random: () => number,
): Promise<Variant | undefined> {
  if (face!.width < MIN_WIDTH) return undefined;
  const scale = faceWidth / face!.width;
  const start = Math.floor(random() * photos.length);
  const order = [...photos.slice(start), ...photos.slice(0, start)];
  const background = await makeBackground(await cutPieces(order, 6, SMALLEST_PIECE, random), WIDTH, HEIGHT);
  const width = Math.round(image.width * scale);
  const height = Math.round(image.height * scale);
  const left = Math.floor(random() * (WIDTH - width));
  const top = Math.floor(random() * (HEIGHT - height));
  const faded = await (await toSharp(image))
    .resize({ width, height, fit: 'fill' })
    .joinChannel(fade(width, height), { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  const bytes = await sharp(background.data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .composite([{ input: faded, left, top }])
    .jpeg({ quality: 90 })
    .toBuffer();
  return {
    bytes,
    width: WIDTH,
    height: HEIGHT,
    place(box) {
      const scaled = scaleBox(box, scale);
      return { ...scaled, left: scaled.left + left, top: scaled.top + top };
    },
  };
}

/** Opacity that rises from the border inwards. */
function fade(width: number, height: number): Buffer {
  const depth = Math.max(1, FADE * Math.min(width, height));
  const opacity = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inwards = Math.min(x, y, width - 1 - x, height - 1 - y) + 0.5;
      opacity[y * width + x] = 255 * Math.min(1, inwards / depth);
    }
  return opacity;
}
