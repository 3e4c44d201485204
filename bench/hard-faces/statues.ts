import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';

type Point = readonly [x: number, y: number, z: number];
type Mesh = { points: Point[]; triangles: Point[] };

/** In pixels. */
const SIZE = 480;
/** Of a picture's side. */
const STATUE_SHARE = 0.85;
const AMBIENT_LIGHT = 0.25;

/** To the right, up, and towards who looks, for meshes that do not lie so. */
const TURNED: Record<string, (point: Point) => Point> = {
  'head.off': ([x, y, z]) => [z, y, -x],
  'mannequin-devil.off': ([x, y, z]) => [x, z, -y],
};
/** Radians to a side. */
const YAWS = [-0.45, 0, 0.25];
/** Marble, bronze, plaster and wax, and where the light comes from. */
const KINDS: readonly { color: Point; light: Point }[] = [
  { color: [225, 218, 205], light: [0.4, 0.6, 0.7] },
  { color: [140, 100, 60], light: [0.4, 0.6, 0.7] },
  { color: [250, 250, 250], light: [-0.7, 0.3, 0.5] },
  { color: [225, 172, 145], light: [-0.7, 0.3, 0.5] },
];

/** A mesh (an OFF file) as statues of every kind, each turned in three ways. */
export async function drawStatues(path: string): Promise<Uint8Array[]> {
  const mesh = readMesh(await readFile(path, 'utf8'), TURNED[basename(path)]);
  return Promise.all(YAWS.flatMap((yaw) => KINDS.map(({ color, light }) => draw(mesh, yaw, light, color))));
}

function readMesh(text: string, turn = (point: Point): Point => point): Mesh {
  const [, ...lines] = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
    .map((line) => line.split(/\s+/).map(Number));
  const [count = 0] = lines[0]!;
  return {
    points: lines.slice(1, count + 1).map(([x, y, z]) => turn([x!, y!, z!])),
    // A polygon is a fan of triangles.
    triangles: lines
      .slice(count + 1)
      .flatMap(([corners, first, ...others]) =>
        others.slice(1, corners! - 1).map((last, i): Point => [first!, others[i]!, last]),
      ),
  };
}

function draw({ points, triangles }: Mesh, yaw: number, light: Point, color: Point): Promise<Buffer> {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  const turned = points.map(([x, y, z]): Point => [cos * x + sin * z, -y, cos * z - sin * x]);
  const [left, right] = range(turned.map(([x]) => x));
  const [top, bottom] = range(turned.map(([, y]) => y));
  const scale = (SIZE * STATUE_SHARE) / Math.max(right - left, bottom - top);
  const placed = turned.map(
    ([x, y, z]): Point => [
      SIZE / 2 + (x - (left + right) / 2) * scale,
      SIZE / 2 + (y - (top + bottom) / 2) * scale,
      z * scale,
    ],
  );
  const brightness = shade(placed, triangles, light);
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 90 + 20 * (i % 3) + i / (SIZE * 36);
  const depth = new Float32Array(SIZE * SIZE).fill(-Infinity);
  for (const corners of triangles) {
    const [a, b, c] = corners.map((corner) => placed[corner]!) as [Point, Point, Point];
    const area = cross(a, b, c);
    if (area === 0) continue;
    const [fromX, toX] = range([a[0], b[0], c[0]]);
    const [fromY, toY] = range([a[1], b[1], c[1]]);
    for (let y = Math.ceil(fromY); y <= toY; y++)
      for (let x = Math.ceil(fromX); x <= toX; x++) {
        const at: Point = [x, y, 0];
        const shares = [cross(at, b, c) / area, cross(a, at, c) / area, cross(a, b, at) / area];
        if (Math.min(...shares) < 0) continue;
        const mixed = (values: readonly number[]) =>
          shares.reduce((sum, share, i) => sum + share * values[i]!, 0);
        const z = mixed([a[2], b[2], c[2]]);
        const pixel = y * SIZE + x;
        if (z <= depth[pixel]!) continue;
        depth[pixel] = z;
        const bright = mixed(corners.map((corner) => brightness[corner]!));
        pixels.set(
          color.map((value) => value * bright),
          pixel * 3,
        );
      }
  }
  return sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

/** How bright every point is, 0 to 1: dull, and lit from one side. */
function shade(points: readonly Point[], triangles: readonly Point[], light: Point): number[] {
  const normals = points.map(() => [0, 0, 0]);
  for (const [i, j, k] of triangles) {
    const [a, b, c] = [points[i]!, points[j]!, points[k]!];
    const [u, v] = [b, c].map((point) => point.map((value, axis) => value - a[axis]!)) as [
      number[],
      number[],
    ];
    const normal = [0, 1, 2].map((axis) => {
      const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
      return u[next]! * v[last]! - u[last]! * v[next]!;
    });
    for (const corner of [i, j, k])
      normal.forEach((value, axis) => {
        normals[corner]![axis]! += value;
      });
  }
  const lamp = [light[0], -light[1], light[2]];
  return normals.map((normal) => {
    // Which way round a triangle is does not matter: what is seen faces who looks.
    const length = (Math.hypot(...normal) || 1) * Math.hypot(...lamp) * (normal[2]! < 0 ? -1 : 1);
    const cosine = normal.reduce((sum, value, axis) => sum + value * lamp[axis]!, 0) / length;
    return AMBIENT_LIGHT + (1 - AMBIENT_LIGHT) * Math.max(0, cosine);
  });
}

/** Twice the area of a triangle in the picture; the sign tells which way round it is. */
function cross([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function range(values: readonly number[]): [least: number, most: number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}
