import { randomBytes } from 'node:crypto';
import type { Projection } from '../vectors/projection.js';
import { learnProjections, projectionsOf } from '../vectors/projections.js';
import type { VectorTables } from '../vectors/tables.js';
import type { FaceVector } from '../vision/vision.js';
import type { Reading, Transaction } from './store.js';
import { unpacked, type VectorChunks } from './vector-chunks.js';

/** Fewer faces are searched fast enough as they are. */
export const LEARN_AT = 4096;
/** So many of them, spread over all, tell where face vectors differ. */
export const LEARN_FROM = 256;

/** To make them anew takes some milliseconds, and every change of a collection needs them. */
const MOST_AT_HAND = 64;
const atHand = new Map<string, readonly Projection[]>();

interface LearnedRecord {
  readonly numbers: Float32Array;
}

/** The projections kept under a key, which never change. */
export function readProjections(source: Reading, key: string, tables: VectorTables): readonly Projection[] {
  const projections = atHand.get(key) ?? projectionsOf(tables, source.get<LearnedRecord>(key)!.numbers);
  // The one used last is the last to go.
  atHand.delete(key);
  atHand.set(key, projections);
  if (atHand.size > MOST_AT_HAND) atHand.delete(atHand.keys().next().value!);
  return projections;
}

/**
 * Learns projections of vectors, and keeps them.
 *
 * @param prefix of the key
 * @returns the key, one that was never used
 */
export function learn(
  transaction: Transaction,
  prefix: string,
  tables: VectorTables,
  chunks: VectorChunks,
  faceCount: number,
): string {
  const numbers = learnProjections(tables, sampleOf(chunks, faceCount));
  const key = prefix + randomBytes(9).toString('base64url');
  transaction.put(key, { numbers } satisfies LearnedRecord);
  return key;
}

function sampleOf(chunks: VectorChunks, faceCount: number): FaceVector[] {
  const sample: FaceVector[] = [];
  let seen = 0;
  for (const chunk of chunks.all())
    for (const { vector } of unpacked(chunk))
      if ((seen++ * LEARN_FROM) % faceCount < LEARN_FROM) sample.push(vector);
  return sample;
}
