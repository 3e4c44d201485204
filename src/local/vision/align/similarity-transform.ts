import type { PixelBox } from '../pixels/pixel-box.js';

export interface Point {
  x: number;
  y: number;
}

/**
 * Moves, turns and scales points, without shear or mirroring: `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`. The
 * vertical axis points down, so a positive turn is clockwise to the eye.
 */
export interface SimilarityTransform {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

export function transformPoint({ a, b, tx, ty }: SimilarityTransform, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

/** How much longer lengths become. */
export function scaleOf({ a, b }: SimilarityTransform): number {
  return Math.hypot(a, b);
}

/** Degrees, clockwise, -180 to 180. */
export function turnOf({ a, b }: SimilarityTransform): number {
  return (Math.atan2(b, a) * 180) / Math.PI;
}

/** The same angle from -180 on and below 180; degrees. */
export function withinHalfTurn(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/**
 * The transform that brings `from` closest to `to`, by least squares (Umeyama 1991, without mirroring). Needs at
 * least two different points.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): SimilarityTransform {
  const fromMean = meanPoint(from);
  const toMean = meanPoint(to);
  let along = 0;
  let across = 0;
  let spread = 0;
  from.forEach((point, i) => {
    const x = point.x - fromMean.x;
    const y = point.y - fromMean.y;
    const u = to[i]!.x - toMean.x;
    const v = to[i]!.y - toMean.y;
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  });
  const a = along / spread;
  const b = across / spread;
  return {
    a,
    b,
    tx: toMean.x - a * fromMean.x + b * fromMean.y,
    ty: toMean.y - b * fromMean.x - a * fromMean.y,
  };
}

/** Root mean square distance between the transformed points and where they should be, in pixels of `to`. */
export function fitResidual(
  transform: SimilarityTransform,
  from: readonly Point[],
  to: readonly Point[],
): number {
  const squares = from.map((point, i) => {
    const moved = transformPoint(transform, point);
    return (moved.x - to[i]!.x) ** 2 + (moved.y - to[i]!.y) ** 2;
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

export function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function meanPoint(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x;
    y += point.y;
  }
  return { x: x / points.length, y: y / points.length };
}

export function centerOf({ left, top, width, height }: PixelBox): Point {
  return { x: left + width / 2, y: top + height / 2 };
}

/** The transform from a square of `size` pixels to one around a box, `margin` times as long as its longer side. */
export function squareAroundBox(box: PixelBox, margin: number, size: number): SimilarityTransform {
  return squareAround(centerOf(box), margin * Math.max(box.width, box.height), 0, size);
}

/** The transform from a square of `size` pixels to one of `side` pixels around `center`, turned clockwise. */
export function squareAround(
  center: Point,
  side: number,
  degrees: number,
  size: number,
): SimilarityTransform {
  const scale = side / size;
  const radians = (degrees * Math.PI) / 180;
  const a = scale * Math.cos(radians);
  const b = scale * Math.sin(radians);
  const half = size / 2;
  return { a, b, tx: center.x - a * half + b * half, ty: center.y - b * half - a * half };
}
