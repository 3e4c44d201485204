export type Vector3 = readonly [number, number, number];

/** Three rows. */
export type Matrix3 = readonly [Vector3, Vector3, Vector3];

/** The least determinant of a matrix of numbers up to 1 that tells a rotation: below it the matrix is flat, but for rounding. */
const MIN_DETERMINANT = 1e-12;
/** More than it takes: a step halves what is too long, or doubles what is too short. */
const STEPS = 60;

/**
 * The rotation closest to a matrix: what is left when its lengths and skews are taken out (its polar factor, by
 * Newton's iteration: Higham 1986, "Computing the Polar Decomposition").
 *
 * @returns `undefined` for a matrix that is flat or a mirror image, which tells none
 */
export function nearestRotation(matrix: Matrix3): Matrix3 | undefined {
  const size = Math.max(...matrix.flat().map(Math.abs));
  let rotation = mapRows(matrix, (row) => mapNumbers(row, (value) => value / size));
  // Nor is NaN, of zeros, above it.
  if (!(determinantOf(rotation) > MIN_DETERMINANT)) return undefined;
  for (let step = 0; step < STEPS; step++) {
    const inverse = inverseTransposed(rotation);
    rotation = mapRows(rotation, (row, i) => mapNumbers(row, (value, j) => (value + inverse[i]![j]!) / 2));
  }
  return rotation;
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function inverseTransposed(matrix: Matrix3): Matrix3 {
  const [a, b, c] = matrix;
  const determinant = determinantOf(matrix);
  return mapRows([cross(b, c), cross(c, a), cross(a, b)], (row) =>
    mapNumbers(row, (value) => value / determinant),
  );
}

function determinantOf([a, b, c]: Matrix3): number {
  const [x, y, z] = cross(b, c);
  return a[0] * x + a[1] * y + a[2] * z;
}

function mapRows([a, b, c]: Matrix3, change: (row: Vector3, i: number) => Vector3): Matrix3 {
  return [change(a, 0), change(b, 1), change(c, 2)];
}

function mapNumbers([a, b, c]: Vector3, change: (value: number, i: number) => number): Vector3 {
  return [change(a, 0), change(b, 1), change(c, 2)];
}
