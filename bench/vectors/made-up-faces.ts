/** How the vectors of one part are spread: people about their mean, and a person's faces about the person. */
interface Spread {
  readonly length: number;
  /** The length of the mean of all vectors. */
  readonly mean: number;
  /** How far people are from the mean, and faces from their person: roots of mean squares. */
  readonly people: number;
  readonly faces: number;
  /** The variance along the i-th principal direction is in proportion to (i + flat)^-fall. */
  readonly flat: number;
  readonly fall: number;
}

/**
 * Shaped like the vectors of dlib's descriptor and of faceres (normalised) for some hundred photos of faces: the
 * distances within and between people, how far these are spread, how much of the variance lies in the 32 to 256
 * directions in which other people's vectors differ most, and how many strangers are as near as the nearest when their
 * vectors are known along 64 of these only: about as many, or more.
 */
const SPREADS: readonly Spread[] = [
  { length: 128, mean: 1.3, people: 0.515, faces: 0.245, flat: 20, fall: 2 },
  { length: 1024, mean: 0.6, people: 0.655, faces: 0.42, flat: 6, fall: 1.2 },
];

export const PARTS = [
  { name: 'dlib', length: 128, weight: 1 },
  { name: 'faceres', length: 1024, weight: 0.5, weightAlone: 1.16 },
];

const FACES_PER_PERSON = 3;

/**
 * People are of one of so many kinds, which make up this share of what is theirs, in all parts: who looks alike to one
 * descriptor does to the other one too.
 */
const KINDS = 20;
const SHARE_OF_KIND = 0.3;

/** Makes up face vectors: the n-th face is always the same, and every three in a row are one person's. */
export class MadeUpFaces {
  readonly length: number;
  readonly #deviations: readonly Float32Array[];
  /** Numbers of a bell curve, read with a stride of its own for each vector. */
  readonly #bell = bellCurve(1 << 16);

  /** @param parts how many of `PARTS` they have */
  constructor(readonly parts: 1 | 2) {
    this.#deviations = SPREADS.slice(0, parts).map(deviations);
    this.length = this.#deviations.reduce((sum, { length }) => sum + length, 0);
  }

  /** Writes the n-th face. */
  write(n: number, into: Float32Array, at = 0): void {
    this.#write(Math.floor(n / FACES_PER_PERSON), n, into, at);
  }

  #write(personNumber: number, faceNumber: number, into: Float32Array, at: number): void {
    let start = at;
    const kindNumber = hash(personNumber) % KINDS;
    for (const [part, deviations] of this.#deviations.entries()) {
      const { mean, people, faces, length } = SPREADS[part]!;
      const kind = hash(2 * kindNumber + part + 0x2000_0000);
      const person = hash(2 * personNumber + part);
      const face = hash(2 * faceNumber + part + 0x4000_0000);
      const ofKind = people * Math.sqrt(SHARE_OF_KIND);
      const own = people * Math.sqrt(1 - SHARE_OF_KIND);
      for (let i = 0; i < length; i++)
        into[start + i] =
          deviations[i]! *
          (ofKind * this.#number(kind, i) + own * this.#number(person, i) + faces * this.#number(face, i));
      into[start]! += mean;
      mix(into.subarray(start, start + length));
      start += length;
    }
  }

  /** One more face of the person whose the n-th is. */
  anotherOf(n: number): Float32Array {
    const face = new Float32Array(this.length);
    this.#write(Math.floor(n / FACES_PER_PERSON), -1 - n, face, 0);
    return face;
  }

  make(n: number): Float32Array {
    const face = new Float32Array(this.length);
    this.write(n, face);
    return face;
  }

  #number(seed: number, i: number): number {
    return this.#bell[(seed + i * ((seed >>> 16) | 1)) & 0xffff]!;
  }
}

function deviations({ length, flat, fall }: Spread): Float32Array {
  const raw = Float32Array.from({ length }, (_, i) => (i + flat) ** (-fall / 2));
  const norm = Math.hypot(...raw);
  return raw.map((deviation) => deviation / norm);
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
  const scale = 1 / Math.sqrt(length);
  for (let i = 0; i < length; i++) vector[i]! *= scale;
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
