/** A vector of the same direction and of length 1; zeros stay zeros. */
export function lengthOne(vector: Float32Array): Float32Array {
  const length = lengthOf(vector) || 1;
  return vector.map((number) => number / length);
}

export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}

/** The cosine of the angle between two vectors, -1 to 1. */
export function cosineOf(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / (lengthOf(a) * lengthOf(b) || 1);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, number, i) => sum + number * b[i]!, 0);
}
