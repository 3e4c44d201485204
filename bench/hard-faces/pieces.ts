import sharp, { type Sharp } from 'sharp';
import { area, intersection, widen } from '../../src/images/bounding-box.js';
import { toSharp } from '../../src/images/decode.js';
import type { PixelBox } from '../../src/local/vision/pixels/pixel-box.js';
import type { Untouched } from './portraits.js';

/** How near a piece may come to a face, in ratio to the face. */
const MARGIN = 0.5;
/** Where a photo is full of faces no piece is found; so many places are tried. */
const TRIES = 50;

/** A square piece of a photo that shows no face, at a place and of a size that look random; nothing if none is found. */
export async function cutPiece(
  { image, boxes }: Untouched,
  smallest: number,
  random: () => number,
): Promise<Sharp | undefined> {
  const largest = Math.min(image.width, image.height);
  const kept = boxes.map((box) => widen(box, MARGIN));
  for (let i = 0; i < TRIES; i++) {
    const side = Math.floor(smallest + random() * (largest - smallest));
    const piece: PixelBox = {
      left: Math.floor(random() * (image.width - side)),
      top: Math.floor(random() * (image.height - side)),
      width: side,
      height: side,
    };
    if (side >= smallest && kept.every((box) => area(intersection(box, piece)) === 0))
      return (await toSharp(image)).extract(piece);
  }
  return undefined;
}

/** Pieces of many photos, one of each photo by turns, as PNG. */
export async function cutPieces(
  photos: readonly Untouched[],
  wanted: number,
  smallest: number,
  random: () => number,
): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  // Photos that have no room for a piece are passed over, so some are asked more often.
  for (let i = 0; pieces.length < wanted && i < 10 * Math.max(wanted, photos.length); i++) {
    const piece = await cutPiece(photos[i % photos.length]!, smallest, random);
    if (piece) pieces.push(await piece.png().toBuffer());
  }
  return pieces;
}

/** A large picture of six pieces of photos, three beside each other and two on top of each other; as raw pixels. */
export async function makeBackground(
  pieces: readonly Uint8Array[],
  width: number,
  height: number,
): Promise<{ data: Buffer; width: number; height: number }> {
  const tile = { width: Math.ceil(width / 3), height: Math.ceil(height / 2) };
  const tiles = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => ({
      input: await sharp(pieces[i % pieces.length]!)
        .resize({ ...tile, fit: 'cover' })
        .raw()
        .toBuffer(),
      raw: { ...tile, channels: 3 as const },
      left: (i % 3) * tile.width,
      top: Math.floor(i / 3) * tile.height,
    })),
  );
  const data = await sharp({ create: { width, height, channels: 3, background: '#777' } })
    .composite(tiles)
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data, width, height };
}
