import sharp, { type Sharp } from 'sharp';
import { type Canvas, mix, paint, randomColor, skinColor } from './canvas.js';

/** Stripes, checks, bricks, dots, cells or rings, of two colours. */
export function drawTexture(canvas: Canvas): Sharp {
  const { width, height, random } = canvas;
  const colors = [skinColor(random), randomColor(random)] as const;
  const size = 8 + random() * 60;
  const angle = random() * Math.PI;
  const along = (x: number, y: number) => x * Math.cos(angle) + y * Math.sin(angle);
  const across = (x: number, y: number) => y * Math.cos(angle) - x * Math.sin(angle);
  const wave = (value: number) => 0.5 + 0.5 * Math.sin((2 * Math.PI * value) / size);
  const center = { x: random() * width, y: random() * height };
  const cells = Array.from({ length: Math.ceil((width * height) / (size * size * 4)) }, () => ({
    x: random() * width,
    y: random() * height,
  }));
  const patterns: ((x: number, y: number) => number)[] = [
    (x, y) => wave(along(x, y)),
    (x, y) => (Math.floor(along(x, y) / size) + Math.floor(across(x, y) / size)) & 1,
    (x, y) => {
      const row = Math.floor(y / size);
      const inBrick = (x + (row & 1) * size) % (2 * size);
      return y % size < size * 0.1 || inBrick < size * 0.1 ? 0 : 1;
    },
    (x, y) => (wave(along(x, y)) * wave(across(x, y)) > 0.5 ? 1 : 0),
    (x, y) =>
      Math.min(1, Math.min(...cells.map((cell) => Math.hypot(x - cell.x, y - cell.y))) / (size * 1.5)),
    (x, y) => wave(Math.hypot(x - center.x, (y - center.y) * 2) + 8 * Math.sin(x / 40)),
  ];
  const pattern = patterns[Math.floor(random() * patterns.length)]!;
  return paint(canvas, (x, y) => mix(...colors, pattern(x, y)));
}

/** From one colour to another, along a line or around a point. */
export function drawGradient(canvas: Canvas): Sharp {
  const { width, height, random } = canvas;
  const [from, to] = [skinColor(random), randomColor(random)];
  const isRadial = random() < 0.5;
  const center = { x: random() * width, y: random() * height };
  const radius = (0.2 + 0.6 * random()) * Math.max(width, height);
  const angle = random() * 2 * Math.PI;
  return paint(canvas, (x, y) => {
    const dx = x - center.x;
    const dy = y - center.y;
    const part = isRadial
      ? Math.hypot(dx, dy) / radius
      : 0.5 + (dx * Math.cos(angle) + dy * Math.sin(angle)) / (2 * radius);
    return mix(from, to, Math.max(0, Math.min(1, part)));
  });
}

/** Random numbers at a coarse grid, drawn smooth; several grids make clouds. */
export async function drawNoise(canvas: Canvas): Promise<Sharp> {
  const { width, height, random } = canvas;
  const finest = Math.floor(random() * 7);
  const data = new Float32Array(width * height * 3);
  let total = 0;
  for (let octave = finest; octave < 8; octave++) {
    const grid = { width: Math.ceil(width / 2 ** octave) + 1, height: Math.ceil(height / 2 ** octave) + 1 };
    const weight = 2 ** (octave - finest);
    const coarse = Uint8Array.from({ length: grid.width * grid.height * 3 }, () => random() * 256);
    const smooth = await sharp(coarse, { raw: { ...grid, channels: 3 } })
      .resize({ width, height, fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    for (let i = 0; i < data.length; i++) data[i]! += weight * (smooth[i]! - 128);
    total += weight;
    // White noise now and then, nothing else in it.
    if (finest === 0) break;
  }
  const pixels = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) pixels[i] = 128 + (2 * data[i]!) / total;
  return sharp(new Uint8Array(pixels.buffer), { raw: { width, height, channels: 3 } });
}
