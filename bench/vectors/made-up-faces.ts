/** How many numbers made-up vectors may have. The variance along the i-th principal direction falls as 1 / (i + flat). */
const FLAT = { 128: 6.5, 192: 4.2 };
export type VectorLength = keyof typeof FLAT;

const FACES_PER_PERSON = 3;

/** People are of one of so many kinds, who look alike more than others do. */
const KINDS = 160;

/** Which parts of the variance of faces are their kind's, their person's and their own. */
const [OF_KIND, OF_PERSON, OF_FACE] = [0.3, 0.45, 0.25].map(Math.sqrt) as [number, number, number];

/** Numbers that are mixed with each other. */
const BLOCK = 64;

/**
 * Makes up face vectors of length 1: the n-th face is always the same, and every three in a row are one person's.
 *
 * They are as hard to tell apart as those of real faces: cosines of strangers are 0 ± .13, and one in 1e4 exceeds .54;
 * cosines of a person's faces are .75 ± .1.
 */
export class MadeUpFaces {
  readonly length: VectorLength;
  readonly #deviations: Float32Array;
  /** Numbers of a bell curve, read with a stride of its own for each vector. */
  readonly #bell = bellCurve(1 << 16);

  constructor(length: VectorLength) {
    this.length = length;
    this.#deviations = Float32Array.from({ length }, (_, i) => (i + FLAT[length]) ** -0.5);
  }

  /** Writes the n-th face. */
  write(n: number, into: Float32Array, at = 0): void {
    this.#write(Math.floor(n / FACES_PER_PERSON), n, into.subarray(at, at + this.length));
  }

  make(n: number): Float32Array {
    const face = new Float32Array(this.length);
    this.write(n, face);
    return face;
  }

  /** One more face of the person whose the n-th is. */
  anotherOf(n: number): Float32Array {
    const face = new Float32Array(this.length);
    this.#write(Math.floor(n / FACES_PER_PERSON), -1 - n, face);
    return face;
  }

  #write(personNumber: number, faceNumber: number, into: Float32Array): void {
    const kind = hash((hash(personNumber) % KINDS) + 0x2000_0000);
    const person = hash(personNumber);
    const face = hash(faceNumber + 0x4000_0000);
    // Some photos are worse than others.
    const ofFace = OF_FACE * (0.4 + (1.2 * (face & 0xff)) / 0xff);
    const blocks = this.length / BLOCK;
    for (let i = 0; i < this.length; i++)
      into[(i % blocks) * BLOCK + Math.floor(i / blocks)] =
        this.#deviations[i]! *
        (OF_KIND * this.#number(kind, i) +
          OF_PERSON * this.#number(person, i) +
          ofFace * this.#number(face, i));
    for (let at = 0; at < this.length; at += BLOCK) mix(into.subarray(at, at + BLOCK));
    let squares = 0;
    for (let i = 0; i < this.length; i++) squares += into[i]! ** 2;
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < this.length; i++) into[i]! *= scale;
  }

  #number(seed: number, i: number): number {
    return this.#bell[(seed + i * ((seed >>> 16) | 1)) & 0xffff]!;
  }
}

/** Hadamard's transform: turns the vectors so that no number of them is more telling than another. */
function mix(vector: Float32Array): void {
  const { length } = vector;
  for (let half = 1; half < length; half *= 2)
    for (let i = 0; i < length; i += 2 * half)
      for (let j = i; j < i + half; j++) {
        const a = vector[j]!;
        const b = vector[j + half]!;
        vector[j] = a + b;
        vector[j + half] = a - b;
      }
}

function hash(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}

function bellCurve(count: number): Float32Array {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
