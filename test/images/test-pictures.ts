import sharp, { type Sharp } from 'sharp';

/** Red, green, blue and white quarters, so that every turn and mirroring shows. */
export async function quarters(width = 120, height = 90): Promise<Buffer> {
  const [w, h] = [width / 2, height / 2];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="${width}" height="${height}" fill="#fff"/>
    <rect width="${w}" height="${h}" fill="#f00"/><rect x="${w}" width="${w}" height="${h}" fill="#0f0"/>
    <rect y="${h}" width="${w}" height="${h}" fill="#00f"/></svg>`;
  return sharp(Buffer.from(svg)).flatten().png().toBuffer();
}

/** A picture that hardly compresses. */
export async function noise(width: number, height: number): Promise<Buffer> {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
    limitInputPixels: false,
  })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** The colour at a place given as ratios, as one letter: r, g, b, w(hite), k (black), or `?`. */
export async function colourAt(image: Uint8Array, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  const bits = [...data.subarray(at, at + 3)]
    .map((value) => (value > 200 ? 1 : value < 55 ? 0 : '?'))
    .join('');
  return { '100': 'r', '010': 'g', '001': 'b', '111': 'w', '000': 'k' }[bits] ?? '?';
}

/** The colours of the four quarters: top left, top right, bottom left, bottom right. `rgbw` is upright. */
export async function quarterColours(image: Uint8Array): Promise<string> {
  const places = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const;
  return (await Promise.all(places.map(([x, y]) => colourAt(image, x, y)))).join('');
}

/** How the pixels of an upright picture lie in a file of each EXIF orientation. */
const STORED: Record<number, (upright: Sharp) => Sharp> = {
  1: (upright) => upright,
  2: (upright) => upright.flop(),
  3: (upright) => upright.rotate(180),
  4: (upright) => upright.flip(),
  5: (upright) => upright.rotate(90),
  6: (upright) => upright.rotate(270),
  7: (upright) => upright.rotate(90),
  8: (upright) => upright.rotate(90),
};
const MIRRORED: Record<number, (turned: Sharp) => Sharp> = {
  5: (turned) => turned.flop(),
  7: (turned) => turned.flip(),
};

/** The same picture stored so that a reader has to turn or mirror it as its EXIF orientation, 1 to 8, says. */
export async function withOrientation(upright: Buffer, orientation: number): Promise<Buffer> {
  const turned = sharp(await STORED[orientation]!(sharp(upright)).png().toBuffer());
  return (MIRRORED[orientation]?.(turned) ?? turned)
    .withMetadata({ orientation })
    .jpeg({ quality: 95 })
    .toBuffer();
}
