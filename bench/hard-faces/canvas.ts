import sharp, { type Sharp } from 'sharp';

/** What a picture is drawn on, and by. */
export interface Canvas {
  width: number;
  height: number;
  random: () => number;
}

/** 0 to 255 each. */
export type Color = readonly [red: number, green: number, blue: number];

/** Asks for the colour of every pixel. */
export function paint({ width, height }: Canvas, colorAt: (x: number, y: number) => Color): Sharp {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colorAt(x, y), (y * width + x) * 3);
  return sharp(new Uint8Array(data.buffer), { raw: { width, height, channels: 3 } });
}

/** SVG shapes as a picture. */
export function drawShapes({ width, height }: Canvas, shapes: string): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#fff' });
}

export function randomColor(random: () => number): Color {
  return [random() * 255, random() * 255, random() * 255];
}

/** Of skin, and of wood: what a detector of faces has most reason to look at. */
export function skinColor(random: () => number): Color {
  const light = 90 + random() * 150;
  return [light, light * (0.65 + random() * 0.15), light * (0.5 + random() * 0.2)];
}

export function mix(a: Color, b: Color, part: number): Color {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

export function css(color: Color): string {
  return `rgb(${color.map((value) => Math.round(value)).join(',')})`;
}
