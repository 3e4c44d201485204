import type { Sharp } from 'sharp';
import { type Canvas, type Color, css, drawShapes, randomColor, skinColor } from './canvas.js';

/** Sky, sun, hills, trees, and houses whose two windows and a door are the nearest to a face that is drawn here. */
export function drawLandscape(canvas: Canvas): Sharp {
  const { width, height, random } = canvas;
  const horizon = height * (0.35 + 0.25 * random());
  const hill = (base: number, color: Color) => {
    const points = Array.from({ length: 9 }, (_, i) => {
      const y = base + (random() - 0.5) * height * 0.2;
      return `${((i * width) / 8).toFixed(1)} ${y.toFixed(1)}`;
    });
    return `<path d="M 0 ${height} L ${points.join(' L ')} L ${width} ${height} Z" fill="${css(color)}"/>`;
  };
  const tree = () => {
    const x = random() * width;
    const y = horizon + random() * (height - horizon);
    const size = height * (0.05 + 0.1 * random());
    const green: Color = [30 + 60 * random(), 80 + 80 * random(), 30 + 30 * random()];
    return `<rect x="${x - size * 0.08}" y="${y - size}" width="${size * 0.16}" height="${size}" fill="#5a4330"/><ellipse cx="${x}" cy="${y - size * 1.3}" rx="${size * 0.5}" ry="${size * 0.7}" fill="${css(green)}"/>`;
  };
  const house = () => {
    const side = height * (0.12 + 0.25 * random());
    const x = random() * (width - side);
    const y = horizon + random() * (height - horizon - side);
    const window = (at: number) =>
      `<rect x="${x + side * at}" y="${y + side * 0.25}" width="${side * 0.2}" height="${side * 0.2}" fill="#26303c" stroke="#f0ece4" stroke-width="${side * 0.02}"/>`;
    return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${css(skinColor(random))}"/><path d="M ${x - side * 0.1} ${y} L ${x + side / 2} ${y - side * 0.45} L ${x + side * 1.1} ${y} Z" fill="#7d3b2e"/>${window(0.18)}${window(0.62)}<rect x="${x + side * 0.4}" y="${y + side * 0.6}" width="${side * 0.2}" height="${side * 0.4}" fill="#4a3323"/>`;
  };
  const repeat = (most: number, draw: () => string) =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, draw).join('');
  return drawShapes(
    canvas,
    `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css([60 + 60 * random(), 120 + 60 * random(), 220])}"/><stop offset="1" stop-color="#f4e3c8"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    <circle cx="${random() * width}" cy="${random() * horizon}" r="${height * (0.03 + 0.06 * random())}" fill="#fff3b0"/>
    ${hill(horizon, [90, 120, 130])}${hill(horizon + height * 0.12, [80, 140, 70])}${hill(horizon + height * 0.25, [110, 150, 60])}
    ${repeat(8, tree)}${repeat(3, house)}${repeat(4, tree)}`,
  );
}

/** Strokes and blots. */
export function drawAbstract(canvas: Canvas): Sharp {
  const { width, height, random } = canvas;
  const side = Math.min(width, height);
  const point = () => `${(random() * width).toFixed(1)} ${(random() * height).toFixed(1)}`;
  const color = () => css(random() < 0.4 ? skinColor(random) : randomColor(random));
  const stroke = () =>
    `<path d="M ${point()} C ${point()} ${point()} ${point()}" fill="none" stroke="${color()}" stroke-width="${side * 0.1 * random()}" stroke-linecap="round" opacity="${0.5 + random() / 2}"/>`;
  const blot = () =>
    `<ellipse transform="translate(${point().replace(' ', ',')}) rotate(${180 * random()})" rx="${side * 0.2 * random()}" ry="${side * 0.2 * random()}" fill="${color()}" opacity="${0.5 + random() / 2}"/>`;
  const shapes = Array.from({ length: 10 + Math.floor(30 * random()) }, () =>
    random() < 0.5 ? stroke() : blot(),
  );
  return drawShapes(
    canvas,
    `<rect width="${width}" height="${height}" fill="${color()}"/>${shapes.join('')}`,
  );
}
