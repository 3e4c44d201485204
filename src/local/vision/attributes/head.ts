import type { Mesh } from './mesh.js';
import type { Vector3 } from './rotation.js';

/** A point of an average head, and where it is found in a face. */
export interface HeadPoint {
  /** Which of the 68 landmarks it is. */
  readonly landmark: number;
  /** The vertices of the face mesh in whose middle it lies. */
  readonly vertices: readonly number[];
  /** Centimetres: x to the right of the picture, y down, z towards the viewer. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/**
 * Points that hold still, whatever the face does, from MediaPipe's canonical face model (Apache-2.0): the vertices
 * nearest to each landmark. Left and right mirror each other.
 */
const POINTS: readonly HeadPoint[] = [
  { landmark: 36, vertices: [33], x: -4.445859, y: -2.663991, z: 3.173422 },
  { landmark: 39, vertices: [133], x: -1.856432, y: -2.585245, z: 3.757904 },
  { landmark: 42, vertices: [362], x: 1.856432, y: -2.585245, z: 3.757904 },
  { landmark: 45, vertices: [263], x: 4.445859, y: -2.663991, z: 3.173422 },
  { landmark: 27, vertices: [6, 168], x: 0, y: -2.872141, z: 5.512321 },
  { landmark: 28, vertices: [197], x: 0, y: -1.728369, z: 6.31675 },
  { landmark: 29, vertices: [5], x: 0, y: -0.365669, z: 7.24287 },
  { landmark: 30, vertices: [1], x: 0, y: 1.126865, z: 7.475604 },
  { landmark: 31, vertices: [98], x: -1.405627, y: 1.714196, z: 5.241087 },
  { landmark: 33, vertices: [2], x: 0, y: 2.089024, z: 6.058267 },
  { landmark: 35, vertices: [327], x: 1.405627, y: 1.714196, z: 5.241087 },
  { landmark: 48, vertices: [61], x: -2.456206, y: 4.342621, z: 4.283884 },
  { landmark: 54, vertices: [291], x: 2.456206, y: 4.342621, z: 4.283884 },
];

const MEAN_Y = POINTS.reduce((sum, { y }) => sum + y, 0) / POINTS.length;
const MEAN_Z = POINTS.reduce((sum, { z }) => sum + z, 0) / POINTS.length;

/** The same around their middle. */
export const HEAD: readonly HeadPoint[] = POINTS.map(({ y, z, ...point }) => ({
  ...point,
  y: y - MEAN_Y,
  z: z - MEAN_Z,
}));

/** The same points in the mesh of a face. */
export function headPointsIn(mesh: Mesh): Vector3[] {
  return HEAD.map(({ vertices }) => {
    const mean = (axis: number) =>
      vertices.reduce((sum, vertex) => sum + mesh[vertex]![axis]!, 0) / vertices.length;
    return [mean(0), mean(1), mean(2)];
  });
}
