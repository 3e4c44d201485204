import type { VectorTables } from '../vectors/tables.js';

/**
 * More vectors in a chunk would make every change rewrite more, and every search read more: at 32 KiB, 64 vectors of
 * 128 numbers, a change takes no longer than one of a small record.
 */
const CHUNK_BYTES = 32_768;

/**
 * So long may sketches be, since all of them are read and each change writes one anew; and so long in collections that
 * have not learned yet, which have few.
 */
const SKETCH_BYTES = 32_768;
const EARLY_SKETCH_BYTES = 131_072;
/** About so many bytes take an id and the numbers beside the codes. */
const BYTES_BESIDE_CODES = 64;

/** How many vectors of so many numbers a chunk has room for. */
export function vectorsPerChunk(vectorLength: number): number {
  return Math.max(1, Math.floor(CHUNK_BYTES / (vectorLength * Float32Array.BYTES_PER_ELEMENT)));
}

/**
 * How many chunks share a sketch.
 *
 * @param held tells which tables it has, before and after something was learned
 */
export function chunksPerSketch(
  { lengths, vectorLength }: VectorTables,
  held: (hasLearned: boolean) => readonly number[],
): number {
  const fitting = (bytes: number, tables: readonly number[]) => {
    const codes = tables.reduce((sum, table) => sum + lengths[table]!, 0);
    return Math.floor(bytes / (vectorsPerChunk(vectorLength) * (codes + BYTES_BESIDE_CODES)));
  };
  return Math.max(1, Math.min(fitting(SKETCH_BYTES, held(true)), fitting(EARLY_SKETCH_BYTES, held(false))));
}
