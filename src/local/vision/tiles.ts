import { type RgbImage, toSharp } from '../../images/decode.js';
import type { Nets } from './inference.js';
import { type Look, look } from './look.js';
import type { PixelBox } from './pixel-box.js';
import type { ScoredBox } from './scored-box.js';

/** A tile's sides in ratio to the photo's: neighbours share a seventh of the photo's side, a quarter of their own. */
const TILE = 1 / 1.75;
/**
 * Only small faces are taken from tiles. The larger ones, up to .22 of the tile, are found in the whole photo, and
 * what is smaller than 11 pixels of 512 is noise.
 */
const LOOK_AT_TILE: Look = { longSide: 512, room: 16, centered: false, smallest: 0.02, largest: 0.22 };
/** A box as near to the edge of its tile, in ratio to the tile's longer side, may be a face that was cut. */
const CUT = 4 / 512;

/** Whether tiles show more than the whole photo does: they are not enlarged for the net. */
export function paysToTile({ width, height }: RgbImage): boolean {
  return Math.max(width, height) * TILE >= LOOK_AT_TILE.longSide;
}

/** The small faces of a photo, from four looks at parts of it; in the photo's pixels, some of them more than once. */
export async function lookAtTiles(nets: Nets, image: RgbImage): Promise<ScoredBox[]> {
  const found: ScoredBox[] = [];
  for (const tile of tilesOf(image)) {
    const data = await toSharp(image).extract(tile).raw().toBuffer();
    const boxes = await look(nets, { width: tile.width, height: tile.height, data }, LOOK_AT_TILE);
    for (const { box, score } of boxes) {
      const inPhoto = { ...box, left: box.left + tile.left, top: box.top + tile.top };
      if (!isCut(inPhoto, tile, image)) found.push({ box: inPhoto, score });
    }
  }
  return found;
}

function tilesOf({ width, height }: RgbImage): PixelBox[] {
  const size = { width: Math.ceil(width * TILE), height: Math.ceil(height * TILE) };
  const corners = [
    { left: 0, top: 0 },
    { left: width - size.width, top: 0 },
    { left: 0, top: height - size.height },
    { left: width - size.width, top: height - size.height },
  ];
  return corners.map((corner) => ({ ...corner, ...size }));
}

/** Whether a box touches an edge of its tile that is none of the photo. */
function isCut(box: PixelBox, tile: PixelBox, image: RgbImage): boolean {
  const near = CUT * Math.max(tile.width, tile.height);
  const right = tile.left + tile.width;
  const bottom = tile.top + tile.height;
  return (
    (tile.left > 0 && box.left < tile.left + near) ||
    (tile.top > 0 && box.top < tile.top + near) ||
    (right < image.width && box.left + box.width > right - near) ||
    (bottom < image.height && box.top + box.height > bottom - near)
  );
}
