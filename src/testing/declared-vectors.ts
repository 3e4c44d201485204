import { createHash } from 'node:crypto';
import { InvalidArgumentError } from '../errors.js';
import type { FaceVector, VectorSpace } from '../local/index.js';

/** Two people who are alike. */
export interface Lookalikes {
  /** The two, each in one pair at most. */
  people: readonly [string, string];
  /** How alike a photo of one and a photo of the other are, 0 to 100; about so where `similarity` is a range. */
  similarity: number;
}

export interface DeclaredVectorsOptions {
  similarity: readonly [lowest: number, highest: number];
  seed: number;
  lookalikes: readonly Lookalikes[];
}

/** Room for thirty photos of a person, or of two who are alike, that are at right angles. */
const LENGTH = 32;
/** The similarity halves at this distance. */
const HALF_SIMILAR = 0.2;
const STEEPNESS = 5;

const SPACE: VectorSpace = {
  version: 'declared-faces-1',
  length: LENGTH,
  metric: 'cosine',
  similarity: (distance) => 100 / (1 + (distance / HALF_SIMILAR) ** STEEPNESS),
};

export const SPACES = { face: SPACE, profile: { ...SPACE, version: 'declared-profiles-1' } } as const;

/** People whose faces lie in one subspace, where every face has a direction of its own at right angles to all others. */
interface Family {
  readonly basis: FaceVector[];
}

/**
 * The vectors of declared faces. A face is its person's direction and, `unlike` times as much, one of its own. These are
 * at right angles, so that it is known how alike two faces of a person are; those of strangers are nearly so.
 */
export class DeclaredVectors {
  readonly #options: DeclaredVectorsOptions;
  readonly #families = new Map<string, Family>();
  readonly #people = new Map<string, FaceVector>();

  /** @throws InvalidArgumentError for lookalikes that are more alike than photos of one person, or in two pairs */
  constructor(options: DeclaredVectorsOptions) {
    this.#options = options;
    const { lookalikes } = options;
    const named = lookalikes.flatMap(({ people }) => people);
    const twice = named.find((person, index) => named.indexOf(person) !== index);
    if (twice !== undefined)
      throw new InvalidArgumentError('options.lookalikes', twice, 'pairs of people who are in no other pair');
    for (const [index, { similarity }] of lookalikes.entries()) {
      const most = SPACE.similarity(1 - 1 / (1 + this.#typicalUnlike ** 2));
      if (similarity > most) {
        const allowed = `at most ${most.toFixed(2)}, as two photos of one person`;
        throw new InvalidArgumentError(`options.lookalikes[${index}].similarity`, similarity, allowed);
      }
    }
  }

  /**
   * The two vectors of a face.
   *
   * @param number tells faces apart that nothing else does
   */
  of(
    { person, unlike }: { person?: string; unlike?: number },
    number: number,
  ): Record<keyof typeof SPACES, FaceVector> {
    const name = person === undefined ? `nobody ${number}` : `person ${person}`;
    const amount = unlike ?? this.#unlikeOf(number);
    const vector = (view: string) => {
      const ofPerson = this.#directionOf(view, name, person);
      const own = this.#ownDirection(`${view} ${number}`, this.#families.get(`${view} ${name}`)!);
      return scaled(ofPerson.map((value, i) => value + amount * own[i]!));
    };
    return { face: vector('face'), profile: vector('profile') };
  }

  /** How far the face of this number is from its person's, so that every pair of such faces is as alike as was asked for. */
  #unlikeOf(number: number): number {
    const [lowest, highest] = this.#options.similarity;
    const hash = createHash('sha256').update(`${this.#options.seed} ${number}`).digest();
    return unlikeFor(lowest + (highest - lowest) * (hash.readUInt32BE() / 2 ** 32));
  }

  get #typicalUnlike(): number {
    const [lowest, highest] = this.#options.similarity;
    return unlikeFor((lowest + highest) / 2);
  }

  #directionOf(view: string, name: string, person: string | undefined): FaceVector {
    const key = `${view} ${name}`;
    const known = this.#people.get(key);
    if (known) return known;
    const pair = this.#options.lookalikes.find(
      ({ people }) => person !== undefined && people.includes(person),
    );
    const family: Family = { basis: [] };
    const [first, second] = pair?.people.map((one) => `${view} person ${one}`) ?? [key];
    const direction = this.#ownDirection(first!, family);
    this.#add(first!, direction, family);
    if (pair && second !== undefined) {
      const cosine = (1 - distanceAt(pair.similarity)) * (1 + this.#typicalUnlike ** 2);
      const across = this.#ownDirection(second, family);
      const sine = Math.sqrt(1 - Math.min(1, cosine) ** 2);
      this.#add(second, scaled(direction.map((value, i) => cosine * value + sine * across[i]!)), family);
    }
    return this.#people.get(key)!;
  }

  #add(key: string, direction: FaceVector, family: Family): void {
    this.#people.set(key, direction);
    this.#families.set(key, family);
  }

  /** A direction at right angles to those that the family has; about so, once it has as many as there can be. */
  #ownDirection(name: string, { basis }: Family): FaceVector {
    let direction = directionOf(name);
    if (basis.length === LENGTH) return direction;
    // Twice, for what the first time leaves by rounding.
    for (const other of [...basis, ...basis]) direction = scaled(without(direction, other));
    basis.push(direction);
    return direction;
  }
}

/** The distance of two faces that are so alike. */
function distanceAt(similarity: number): number {
  return HALF_SIMILAR * (100 / similarity - 1) ** (1 / STEEPNESS);
}

/** How far two faces have to be from their person's to be so alike. */
function unlikeFor(similarity: number): number {
  const distance = distanceAt(similarity);
  return Math.sqrt(distance / (1 - distance));
}

/** A direction that depends on the name alone. Those of two names are about at right angles. */
function directionOf(name: string): FaceVector {
  const bytes = createHash('sha256').update(name).digest();
  return scaled(Float32Array.from(bytes, (byte) => byte - 127.5));
}

function without(vector: FaceVector, direction: FaceVector): FaceVector {
  const along = vector.reduce((sum, value, i) => sum + value * direction[i]!, 0);
  return vector.map((value, i) => value - along * direction[i]!);
}

/** The same direction, of length 1. */
function scaled(vector: FaceVector): FaceVector {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
