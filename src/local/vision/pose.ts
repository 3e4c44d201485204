import type { Pose } from '../../types.js';
import { meanPoint, type Point } from './similarity-transform.js';

/**
 * Where landmarks that hold still lie on an average head, in centimetres: x to the right of the picture, y down,
 * z towards the viewer. Vertices of MediaPipe's canonical face model (Apache-2.0) nearest to each landmark; the
 * nasion is the middle of two. Left and right mirror each other.
 */
const HEAD: readonly { landmark: number; x: number; y: number; z: number }[] = [
  { landmark: 36, x: -4.445859, y: -2.663991, z: 3.173422 },
  { landmark: 39, x: -1.856432, y: -2.585245, z: 3.757904 },
  { landmark: 42, x: 1.856432, y: -2.585245, z: 3.757904 },
  { landmark: 45, x: 4.445859, y: -2.663991, z: 3.173422 },
  { landmark: 27, x: 0, y: -2.872141, z: 5.512321 },
  { landmark: 28, x: 0, y: -1.728369, z: 6.31675 },
  { landmark: 29, x: 0, y: -0.365669, z: 7.24287 },
  { landmark: 30, x: 0, y: 1.126865, z: 7.475604 },
  { landmark: 31, x: -1.405627, y: 1.714196, z: 5.241087 },
  { landmark: 33, x: 0, y: 2.089024, z: 6.058267 },
  { landmark: 35, x: 1.405627, y: 1.714196, z: 5.241087 },
  { landmark: 48, x: -2.456206, y: 4.342621, z: 4.283884 },
  { landmark: 54, x: 2.456206, y: 4.342621, z: 4.283884 },
];

const MEAN_Y = HEAD.reduce((sum, { y }) => sum + y, 0) / HEAD.length;
const MEAN_Z = HEAD.reduce((sum, { z }) => sum + z, 0) / HEAD.length;
const CENTERED = HEAD.map(({ x, y, z }) => ({ x, y: y - MEAN_Y, z: z - MEAN_Z }));

/**
 * The pitch that the fit reads from people who look straight ahead, in degrees: the median of 504 portraits with less
 * than 10 degrees of yaw.
 */
const LEVEL_PITCH = -8;

type Vector = readonly [number, number, number];

/**
 * How the head is turned, in degrees, with AWS's signs: roll above 0 is clockwise to the viewer, yaw above 0 looks
 * to the right of the picture, pitch above 0 looks up.
 *
 * Fits the average head to the landmarks as if seen from far away, by least squares.
 *
 * @param landmarks all 68, in pixels
 */
export function poseOf(landmarks: readonly Point[]): Required<Pose> {
  const seen = HEAD.map(({ landmark }) => landmarks[landmark]!);
  const center = meanPoint(seen);
  const [across, down] = orthonormalize(
    fitRow(seen.map(({ x }) => x - center.x)),
    fitRow(seen.map(({ y }) => y - center.y)),
  );
  const forward = cross(across, down);
  return {
    roll: degrees(Math.atan2(down[0], across[0])),
    yaw: degrees(Math.atan2(-forward[0], Math.hypot(forward[1], forward[2]))),
    pitch: degrees(Math.atan2(forward[1], forward[2])) - LEVEL_PITCH,
  };
}

/**
 * The row of the camera matrix that best makes `values` of the head's points. x is independent of y and z, because
 * the head is symmetric.
 */
function fitRow(values: readonly number[]): Vector {
  let xx = 0;
  let yy = 0;
  let yz = 0;
  let zz = 0;
  let xv = 0;
  let yv = 0;
  let zv = 0;
  CENTERED.forEach(({ x, y, z }, i) => {
    const value = values[i]!;
    xx += x * x;
    yy += y * y;
    yz += y * z;
    zz += z * z;
    xv += x * value;
    yv += y * value;
    zv += z * value;
  });
  const determinant = yy * zz - yz * yz;
  return [xv / xx, (zz * yv - yz * zv) / determinant, (yy * zv - yz * yv) / determinant];
}

/** The two vectors of length 1 at right angles that are closest to two others (M becomes (M Mᵗ)^-½ M). */
function orthonormalize(first: Vector, second: Vector): [Vector, Vector] {
  const a = dot(first, first);
  const b = dot(first, second);
  const c = dot(second, second);
  // Above 0 even for points on a line, so that the angles stay numbers.
  const root = Math.sqrt(Math.max(a * c - b * b, Number.EPSILON));
  const scale = root * Math.sqrt(a + c + 2 * root);
  return [
    mix(first, (c + root) / scale, second, -b / scale),
    mix(first, -b / scale, second, (a + root) / scale),
  ];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function mix(a: Vector, shareOfA: number, b: Vector, shareOfB: number): Vector {
  return [
    a[0] * shareOfA + b[0] * shareOfB,
    a[1] * shareOfA + b[1] * shareOfB,
    a[2] * shareOfA + b[2] * shareOfB,
  ];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
