import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { FaceModels } from '../../src/local/vision/face-models.js';

const models = new FaceModels({ workers: 1 });
afterAll(() => models.close());

type Shade = (x: number, y: number) => number;

/** A picture of 480 x 360 pixels, a little yellow. */
function paint(shade: Shade): Promise<Buffer> {
  const [width, height] = [480, 360];
  const data = Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const value = shade(pixel % width, Math.floor(pixel / width));
    return i % 3 === 2 ? value * 0.7 : value;
  });
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A picture of one colour, as a camera stores it. */
const plain = (background: { r: number; g: number; b: number }) =>
  sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .jpeg({ quality: 75 })
    .toBuffer();

const svg = (content: string) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${content}</svg>`))
    .flatten({ background: 'white' })
    .png()
    .toBuffer();

const LANDSCAPE = `<rect width="640" height="280" fill="#8cf"/><rect y="280" width="640" height="200" fill="#485"/>
  <path d="M0 280 L150 120 L260 280 L380 90 L560 280 Z" fill="#777"/><circle cx="520" cy="70" r="35" fill="#fe8"/>`;
const LINES = Array.from(
  { length: 18 },
  (_, i) => `<rect x="40" y="${30 + i * 24}" width="${300 + ((i * 97) % 250)}" height="9" fill="#222"/>`,
).join('');

describe('a picture without a face', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a smooth gradient', () => paint((_, y) => (255 * y) / 360)],
    ['a soft light', () => paint((x, y) => 255 - Math.hypot(x - 240, y - 180))],
    ['noise', () => paint((x, y) => (Math.imul(x * 7919 + y * 104729, 2654435761) >>> 0) / 2 ** 24)],
    ['a chequerboard', () => paint((x, y) => ((Math.floor(x / 20) + Math.floor(y / 20)) % 2) * 255)],
    ['waves', () => paint((x, y) => 127 + 127 * Math.sin(x * 0.11) * Math.sin(y * 0.08))],
    ['rings', () => paint((x, y) => 127 + 127 * Math.sin(Math.hypot(x - 240, y - 180) * 0.15))],
    ['a landscape', () => svg(LANDSCAPE)],
    ['lines of text', () => svg(LINES)],
    ['one plain colour', () => plain({ r: 120, g: 130, b: 140 })],
    ['another plain colour', () => plain({ r: 200, g: 160, b: 130 })],
    ['nothing but white', () => svg('')],
  ])('has none: %s', async (_, picture) => {
    expect(await models.analyze(await picture(), { attributes: false })).toEqual([]);
  });
});
