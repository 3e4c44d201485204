import type { Pose } from '../../../types.js';
import { meanPoint, type Point, withinHalfTurn } from '../align/similarity-transform.js';
import { HEAD, headPointsIn } from './head.js';
import type { Mesh } from './mesh.js';
import { cross, type Matrix3, nearestRotation, type Vector3 } from './rotation.js';

/**
 * The pitch that people read who look straight ahead, in degrees: the median of 684 portraits by their mesh, and of
 * 504 with less than 10 degrees of yaw by their landmarks.
 */
const LEVEL_PITCH = { mesh: -6, landmarks: -8 };

/**
 * How the head is turned, in degrees, with AWS's signs: roll above 0 is clockwise to the viewer, yaw above 0 looks
 * to the right of the picture, pitch above 0 looks up.
 *
 * Fits the average head to the mesh: the rotation that brings their points closest (Kabsch 1976).
 */
export function poseOfMesh(mesh: Mesh): Required<Pose> | undefined {
  const seen = headPointsIn(mesh);
  // The head's points are around their middle, so it does not matter where those of the mesh are.
  const row = (axis: number): Vector3 => {
    const product = (along: 'x' | 'y' | 'z') =>
      HEAD.reduce((sum, point, i) => sum + seen[i]![axis]! * point[along], 0);
    return [product('x'), product('y'), product('z')];
  };
  return anglesOf(nearestRotation([row(0), row(1), row(2)]), LEVEL_PITCH.mesh);
}

/**
 * The same from landmarks, whose depth is not known: fits the average head to them as if seen from far away, by least
 * squares. It tells profiles too, where there is no mesh, and is less sure of the pitch.
 *
 * @param landmarks all 68, in pixels
 * @returns `undefined` when they lie on a line
 */
export function poseOfLandmarks(landmarks: readonly Point[]): Required<Pose> | undefined {
  const seen = HEAD.map(({ landmark }) => landmarks[landmark]!);
  const center = meanPoint(seen);
  const across = fitRow(seen.map(({ x }) => x - center.x));
  const down = fitRow(seen.map(({ y }) => y - center.y));
  const rotation = nearestRotation([across, down, ofSameLength(cross(across, down))]);
  return anglesOf(rotation, LEVEL_PITCH.landmarks);
}

/** @param rotation from the head, as it looks at the viewer, to the picture */
function anglesOf(rotation: Matrix3 | undefined, levelPitch: number): Required<Pose> | undefined {
  if (!rotation) return undefined;
  const [across, down, toViewer] = rotation;
  return {
    roll: degrees(Math.atan2(down[0], across[0])),
    yaw: degrees(Math.atan2(-toViewer[0], Math.hypot(toViewer[1], toViewer[2]))),
    pitch: withinHalfTurn(degrees(Math.atan2(toViewer[1], toViewer[2])) - levelPitch),
  };
}

/**
 * The row of the camera matrix that best makes `values` of the head's points. x is independent of y and z, because
 * the head is symmetric.
 */
function fitRow(values: readonly number[]): Vector3 {
  let xx = 0;
  let yy = 0;
  let yz = 0;
  let zz = 0;
  let xv = 0;
  let yv = 0;
  let zv = 0;
  HEAD.forEach(({ x, y, z }, i) => {
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

/** A product of two vectors is as long as both together; shortened to about one of them. */
function ofSameLength(product: Vector3): Vector3 {
  const shrink = Math.sqrt(Math.max(Math.hypot(...product), Number.MIN_VALUE));
  return [product[0] / shrink, product[1] / shrink, product[2] / shrink];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
