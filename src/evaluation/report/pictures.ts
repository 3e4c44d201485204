import pLimit from 'p-limit';
import { mapBounded } from '../../bounded.js';
import { UnreadableImageError } from '../../errors.js';
import { type ReadOptions, readPixels, toSharp } from '../../images/decode.js';
import { checkImage, type ImageSource } from '../../images/image-source.js';
import type { Probe } from '../evaluation.js';

/** Where the photo of a probe is; undefined leaves it out. */
export type PictureOf = (probe: Probe) => ImageSource | undefined;

/** The pictures that a page shows, as data URLs. */
export type Pictures = ReadonlyMap<Probe, string>;

/** Longest side of a picture, in pixels: twice what it is shown at, for fine screens. */
const SIDE = 240;
/** Some ten thousand bytes each. */
const QUALITY = 75;
/** Photos are decoded whole, so that few are held at a time. */
const CONCURRENCY = 2;

/** Small copies of photos, without metadata. A photo that cannot be read is left out: the page tells of it all the same. */
export async function readPictures(
  probes: readonly Probe[],
  pictureOf: PictureOf | undefined,
  options: ReadOptions,
): Promise<Pictures> {
  if (!pictureOf) return new Map();
  const pictures = await mapBounded([...new Set(probes)], pLimit(CONCURRENCY), async (probe) => {
    const source = pictureOf(probe);
    if (source === undefined) return [];
    checkImage(source, 'what options.pictures answered');
    const picture = await shrink(source, options);
    return picture === undefined ? [] : [[probe, picture] as const];
  });
  return new Map(pictures.flat());
}

async function shrink(source: ImageSource, options: ReadOptions): Promise<string | undefined> {
  try {
    const pixels = await readPixels(source, options);
    const small = (await toSharp(pixels)).resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true });
    const jpeg = await small.jpeg({ quality: QUALITY }).toBuffer();
    return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof UnreadableImageError) return undefined;
    throw error;
  }
}
