import { distance } from '../../src/local/distances.js';
import { FaceIndex, type FaceIndexOptions, type Neighbour } from '../../src/local/vectors/face-index.js';
import type { Projection } from '../../src/local/vectors/projection.js';
import { learnProjections, projectionsOf } from '../../src/local/vectors/projections.js';
import { pickRows, type Sketch, Sketcher } from '../../src/local/vectors/sketch.js';
import { VectorTables } from '../../src/local/vectors/tables.js';
import type { FaceVector, VectorSpace } from '../../src/local/vision/vision.js';

/** A face index with the vectors it was made of, which say what it has to answer. */
export class IndexedVectors {
  readonly vectors = new Map<string, FaceVector>();
  readonly index: FaceIndex;
  /** How often the index asked for a whole vector. */
  asked = 0;
  readonly tables: VectorTables;

  constructor(
    private readonly parts: VectorSpace['parts'],
    options?: FaceIndexOptions,
  ) {
    const vectorOf = (key: string) => {
      this.asked++;
      return this.vectors.get(key);
    };
    this.tables = new VectorTables(parts.map(({ length }) => length));
    this.index = new FaceIndex(parts, vectorOf, options);
  }

  set(key: string, vector: FaceVector): void {
    this.vectors.set(key, vector.slice());
    this.index.set(key, vector);
  }

  /**
   * All at once, as they are stored.
   *
   * @param held which tables. @default all
   */
  load(
    entries: ReadonlyMap<string, FaceVector>,
    projections: readonly Projection[] = [],
    held?: readonly number[],
  ): void {
    const sketch = this.sketch(entries, projections, held);
    this.index.load([...entries.keys()], sketch);
    // As whatever is read next may do.
    sketch.codes.fill(1);
    for (const [key, vector] of entries) this.vectors.set(key, vector.slice());
  }

  sketch(
    entries: ReadonlyMap<string, FaceVector>,
    projections: readonly Projection[] = [],
    held?: readonly number[],
  ): Sketch {
    const numbers = new Float32Array([...entries.values()].flatMap((vector) => Array.from(vector)));
    const sketch = new Sketcher(this.tables, projections).sketch(numbers);
    return held
      ? pickRows(
          this.tables,
          held,
          Array.from({ length: sketch.count }, (_, row) => ({ sketch, row })),
        )
      : sketch;
  }

  /** Learns of some of the vectors that it has. */
  learn(): void {
    void this.index.learn(this.learned());
  }

  learned(): Projection[] {
    const some = [...this.vectors.values()].filter((vector) => vector.every(Number.isFinite)).slice(0, 256);
    return projectionsOf(this.tables, learnProjections(this.tables, some));
  }

  delete(key: string): void {
    const wasThere = this.vectors.delete(key);
    if (this.index.delete(key) !== wasThere) throw new Error(`The index knows better whether it had ${key}.`);
  }

  /** What measuring every vector finds, of those whose numbers are finite. */
  nearestOfAll(
    vector: FaceVector,
    {
      limit,
      within = Number.POSITIVE_INFINITY,
      except,
    }: { limit: number; within?: number | undefined; except?: string | undefined },
  ): Neighbour[] {
    if (!vector.every(Number.isFinite)) return [];
    return [...this.vectors]
      .filter(([key, other]) => key !== except && other.every(Number.isFinite))
      .map(([key, other]) => ({ key, distance: distance(this.parts, vector, other) }))
      .filter((neighbour) => neighbour.distance <= within)
      .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }
}

/** Numbers of a bell curve about 0, the same ones for the same seed. */
export function bellCurve(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
