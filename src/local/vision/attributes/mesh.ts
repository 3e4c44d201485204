import { CHIP_SIZE } from '../align/mean-face.js';
import {
  type SimilarityTransform,
  scaleOf,
  squareAround,
  squareAroundBox,
  transformPoint,
  turnOf,
} from '../align/similarity-transform.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import type { Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import type { Vector3 } from './rotation.js';

/** 468 points on the surface of a face: x and y in pixels of the image, z towards the viewer and as long as they. */
export type Mesh = readonly Vector3[];

/**
 * The side of the net's square, in ratio to the chip's. Three more runs, each around the points of the last, move the
 * points of 138 faces by .4 % of that side (median).
 */
const SIDE_OF_CHIP = 1.3;
/** The same in ratio to the box of a face that has no landmarks. */
const SIDE_OF_BOX = 1.25;
/** Below this the net sees no face, or one in profile, whose points it cannot place. */
const MIN_PRESENCE = 0.5;

/** The mesh of each face; nothing where the net does not see one, as in profile. */
export async function findMeshes(nets: Nets, faces: readonly LocatedFace[]): Promise<(Mesh | undefined)[]> {
  const [size] = MODELS.mesh.input;
  const squares = faces.map((face) => squareFor(face, size));
  const patches = faces.map(({ pyramid }, i) => pyramid.sample(squares[i]!, size));
  const outputs = await nets.runEach('mesh', patches);
  return outputs.map(({ points, presence }, i) =>
    presence![0]! < MIN_PRESENCE ? undefined : toMesh(points!, squares[i]!),
  );
}

function toMesh(points: Float32Array, toImage: SimilarityTransform): Mesh {
  const scale = scaleOf(toImage);
  return Array.from({ length: points.length / 3 }, (_, i) => {
    const { x, y } = transformPoint(toImage, { x: points[i * 3]!, y: points[i * 3 + 1]! });
    return [x, y, -points[i * 3 + 2]! * scale];
  });
}

function squareFor({ alignment: { chip, fit }, detected }: LocatedFace, size: number): SimilarityTransform {
  if (!fit) return squareAroundBox(detected.box, SIDE_OF_BOX, size);
  const middle = transformPoint(chip, { x: CHIP_SIZE / 2, y: CHIP_SIZE / 2 });
  return squareAround(middle, SIDE_OF_CHIP * CHIP_SIZE * scaleOf(chip), turnOf(chip), size);
}
