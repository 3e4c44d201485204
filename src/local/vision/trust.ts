import type { Alignment } from './align.js';
import { HEAD, headPointsIn } from './head.js';
import { CHIP_SIZE } from './mean-face.js';
import type { Mesh } from './mesh.js';
import { distanceBetween, scaleOf } from './similarity-transform.js';

/*
 * From fully trusted to not at all, for each measure. Of 684 portraits, 1.5 % of the comparisons of a person with
 * themselves fail where one stranger in a thousand passes. Without the two worst faces in a hundred it is .9 % by the
 * residual, .6 by the mirror image and .5 by the mesh; the detector's score tells nothing.
 */
const RESIDUAL = { good: 0.035, bad: 0.1 };
const MIRROR_DISTANCE = { good: 0.2, bad: 0.4 };
const MESH_DISTANCE = { good: 0.03, bad: 0.1 };

/** What was measured of a face that tells whether its vector is a good one. */
export interface TrustSignals {
  /** How far the landmarks are from those of an average face, as a ratio of the chip's side; absent in profile. */
  residual: number | undefined;
  /** Distance between the descriptors of the face and its mirror image; absent when none was computed. */
  mirrorDistance: number | undefined;
  /** How far two nets disagree on where the face is; absent without a mesh. */
  meshDistance: number | undefined;
}

/** How far a face's vector can be trusted, 0 to 1: the worst of its signals decides. */
export function trustIn({ residual, mirrorDistance = 0, meshDistance = 0 }: TrustSignals): number {
  if (residual === undefined) return 0;
  return Math.min(
    fall(residual, RESIDUAL),
    fall(mirrorDistance, MIRROR_DISTANCE),
    fall(meshDistance, MESH_DISTANCE),
  );
}

/** The mean distance between landmarks and the same points of the mesh, as a ratio of the chip's side. */
export function distanceToMesh({ chip, fit }: Alignment, mesh: Mesh): number | undefined {
  if (!fit) return undefined;
  const points = headPointsIn(mesh);
  const distances = HEAD.map(({ landmark }, i) => {
    const [x, y] = points[i]!;
    return distanceBetween(fit.landmarks[landmark]!, { x, y });
  });
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  return mean / (CHIP_SIZE * scaleOf(chip));
}

/** 1 up to `good`, 0 from `bad`, and a straight line between. */
function fall(value: number, { good, bad }: { good: number; bad: number }): number {
  return Math.max(0, Math.min(1, (bad - value) / (bad - good)));
}
