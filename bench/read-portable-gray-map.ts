import sharp from 'sharp';

/** A picture in the portable gray map format ("P5"), which sharp cannot read, as PNG bytes. */
export function fromPortableGrayMap(bytes: Uint8Array): Promise<Uint8Array> {
  const header = /^P5\s+(?:#.*\n\s*)*(\d+)\s+(\d+)\s+255\s/.exec(
    Buffer.from(bytes.subarray(0, 200)).toString('latin1'),
  );
  if (!header) throw new Error('Not a binary portable gray map of 8 bits.');
  const width = Number(header[1]);
  const height = Number(header[2]);
  const pixels = bytes.subarray(header[0].length, header[0].length + width * height);
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
