import { squareAround } from '../align/similarity-transform.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import { mirror } from '../pixels/mirror.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import type { Mesh } from './mesh.js';

const [SIZE] = MODELS.eye.input;
/** The corners of the eyes among the points of a mesh, from left to right in the picture. */
const LEFT_EYE = [33, 133] as const;
const RIGHT_EYE = [362, 263] as const;
/** The side of the square around an eye, in ratio to its width; what MediaPipe cuts for this net. */
const SIDE_OF_EYE = 2.3;
/** Points of the lids in the net's output, the corners left out: each pair lies one above the other. */
const LOWER_LID = [1, 2, 3, 4, 5, 6, 7];
const UPPER_LID = [9, 10, 11, 12, 13, 14, 15];
const CORNERS = [0, 8] as const;
/**
 * Eyes are open when the gap between the lids, the mean of both eyes, is more than this share of an eye's width. Half
 * of 507 faces have more than .25. Of the 18 below this line 14 close their eyes or look down, three laugh and one is
 * too small to tell; just above it were two more that close them.
 */
const OPEN = 0.18;

/** Whether the eyes of each face are open, both together; nothing where there is no mesh, or the net sees no eyes. */
export async function areEyesOpen(
  nets: Nets,
  faces: readonly LocatedFace[],
  meshes: readonly (Mesh | undefined)[],
): Promise<(boolean | undefined)[]> {
  const patches = faces.flatMap(({ pyramid }, i) => {
    const mesh = meshes[i];
    // The net was trained on the one eye, and on the mirror image of the other.
    return mesh ? [mirror(cutEye(pyramid, mesh, LEFT_EYE), SIZE), cutEye(pyramid, mesh, RIGHT_EYE)] : [];
  });
  const gaps = (await nets.runEach('eye', patches)).map(({ contour }) => gapBetweenLids(contour!));
  let eye = 0;
  return meshes.map((mesh) => {
    if (!mesh) return undefined;
    const gap = (gaps[eye++]! + gaps[eye++]!) / 2;
    // An eye without width has no such ratio.
    return Number.isFinite(gap) ? gap > OPEN : undefined;
  });
}

function cutEye(pyramid: Pyramid, mesh: Mesh, [from, to]: readonly [number, number]): Uint8Array {
  const [left, top] = mesh[from]!;
  const [right, bottom] = mesh[to]!;
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const side = SIDE_OF_EYE * Math.hypot(right - left, bottom - top);
  const turn = (Math.atan2(bottom - top, right - left) * 180) / Math.PI;
  return pyramid.sample(squareAround(middle, side, turn, SIZE), SIZE);
}

/** On average, in ratio to the eye's width. */
function gapBetweenLids(contour: Float32Array): number {
  const distance = (a: number, b: number) =>
    Math.hypot(contour[a * 3]! - contour[b * 3]!, contour[a * 3 + 1]! - contour[b * 3 + 1]!);
  const gaps = LOWER_LID.map((lower, i) => distance(lower, UPPER_LID[i]!));
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / distance(...CORNERS);
}
