/*
 * Measures vector search: `FaceIndex` beside plain float arithmetic, usearch (exact, and its HNSW graph), and beside
 * how long it takes merely to read the vectors.
 *
 *     npm run bench -- vectors [--sizes 1000,10000,100000,1000000] [--sizes-of-both 1000,10000,100000]
 *                              [--graph-up-to 10000] [--json FILE]
 *
 * `--sizes` are searched with one descriptor, `--sizes-of-both` with both. A graph takes long to build, hence
 * `--graph-up-to`. Half of the searched faces are new ones of people in the index, half are strangers. All candidates
 * answer each search in turn. Recall is the part of the true nearest that was found.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exactSearch, Index, type Matches, MetricKind, ScalarKind } from 'usearch';
import { distance, distancesToRows } from '../src/local/distances.js';
import { FaceIndex } from '../src/local/vectors/face-index.js';
import { MadeUpFaces, PARTS } from './vectors/made-up-faces.js';

const { values } = parseArgs({
  strict: false,
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    'sizes-of-both': { type: 'string', default: '1000,10000,100000' },
    'graph-up-to': { type: 'string', default: '10000' },
    json: { type: 'string' },
  },
});

/** The candidate that is right by its nature. */
const TRUTH = 'plain floats';
const LIMITS = [5, 100];
const SEARCHES = 16;
const WARM_UPS = 4;
/** More numbers than these are made up again when they are needed, and no other candidate gets to see them. */
const MOST_NUMBERS = 2 ** 27;

/** Numbers of the nearest faces. */
type Search = (vector: Float32Array, limit: number) => Promise<number[]> | number[];

interface Result {
  faces: number;
  numbers: number;
  limit: number;
  candidate: string;
  /** Milliseconds of a search, the median and the longest. */
  median: number;
  longest: number;
  recall: number;
}

const results: Result[] = [];
for (const size of sizes(values.sizes)) await bench(1, size);
for (const size of sizes(values['sizes-of-both'])) await bench(2, size);
if (values.json !== undefined) writeFileSync(String(values.json), JSON.stringify(results, null, 2));

async function bench(parts: 1 | 2, size: number): Promise<void> {
  const faces = new MadeUpFaces(parts);
  const { length } = faces;
  const space = PARTS.slice(0, parts);
  console.log(`\n${size} faces of ${length} numbers`);
  const all = size * length <= MOST_NUMBERS ? new Float32Array(size * length) : undefined;
  if (all) for (let n = 0; n < size; n++) faces.write(n, all, n * length);
  const face = (n: number) => all?.subarray(n * length, (n + 1) * length) ?? faces.make(n);

  const candidates = new Map<string, Search>([
    ['rekollect', await rekollect(size, face, space)],
    [TRUTH, plainFloats(size, all, face, space)],
  ]);
  // usearch cannot weigh parts.
  if (all && parts === 1) {
    candidates.set('usearch exact', (vector, limit) =>
      numbersOf(exactSearch(all, vector, length, limit, MetricKind.L2sq, 1) as Matches),
    );
    if (size <= Number(values['graph-up-to'])) candidates.set('usearch HNSW', graph(all, size, length));
  }
  if (all) console.log(`reading them: ${millisecondsToRead(all).toFixed(2)} ms`);

  for (const limit of LIMITS) results.push(...(await measure(faces, size, limit, candidates)));
  console.table(
    results
      .filter((result) => result.faces === size && result.numbers === length)
      .map(({ candidate, limit, median, longest, recall }) => ({
        candidate,
        matches: limit,
        'median ms': Number(median.toFixed(2)),
        'longest ms': Number(longest.toFixed(2)),
        recall: Number(recall.toFixed(3)),
      })),
  );
}

/** Lets all candidates answer the same searches. */
async function measure(
  faces: MadeUpFaces,
  size: number,
  limit: number,
  candidates: ReadonlyMap<string, Search>,
): Promise<Result[]> {
  const searches = size * faces.length <= MOST_NUMBERS ? SEARCHES : 4;
  const answers = Array.from(candidates, ([candidate, search]) => {
    const times: number[] = [];
    return { candidate, search, times, recall: 0 };
  });
  // The first few searches are slower while they are compiled, and do not count.
  for (let i = -WARM_UPS; i < searches; i++) {
    const vector =
      i % 2 === 0 ? faces.anotherOf(((i + WARM_UPS) * 7919) % size) : faces.make(size + 3 * (i + WARM_UPS));
    const found = new Map<string, number[]>();
    for (const { candidate, search, times } of answers) {
      const start = performance.now();
      found.set(candidate, await search(vector, limit));
      if (i >= 0) times.push(performance.now() - start);
    }
    if (i < 0) continue;
    const truth = new Set(found.get(TRUTH));
    for (const answer of answers) {
      const hits = found.get(answer.candidate)!.filter((n) => truth.has(n)).length;
      answer.recall += hits / truth.size / searches;
    }
  }
  return answers.map(({ candidate, times, recall }) => {
    times.sort((a, b) => a - b);
    const median = times[searches >> 1]!;
    return { faces: size, numbers: faces.length, limit, candidate, median, longest: times.at(-1)!, recall };
  });
}

/** Fills an index, and says what that takes. */
async function rekollect(
  size: number,
  face: (n: number) => Float32Array,
  space: ConstructorParameters<typeof FaceIndex>[0],
): Promise<Search> {
  const before = memoryInUse();
  const index = new FaceIndex(space, (key) => face(numberOf(key)));
  let inserting = 0;
  for (let first = 0; first < size; first += 1000) {
    const block = Array.from({ length: Math.min(1000, size - first) }, (_, i) => ({
      key: keyOf(first + i),
      vector: face(first + i),
    }));
    const start = performance.now();
    for (const { key, vector } of block) index.set(key, vector);
    inserting += performance.now() - start;
  }
  const bytes = (memoryInUse() - before) / size;

  const some = Array.from({ length: 1000 }, (_, n) => ({ key: keyOf(n), vector: face(n).slice() }));
  const start = performance.now();
  for (const { key } of some) index.delete(key);
  const deleting = performance.now() - start;
  for (const { key, vector } of some) index.set(key, vector);

  console.log(`insert ${((inserting * 1000) / size).toFixed(2)} us, delete ${deleting.toFixed(2)} us`);
  // Of fewer faces, the memory of everything else drowns theirs.
  if (size >= 100_000) console.log(`${Math.round(bytes)} bytes a face, its id included`);
  return async (vector, limit) => {
    const found = await index.nearest(vector, { limit });
    return found.map(({ key }) => numberOf(key));
  };
}

/** Shaped like the ids of faces. */
function keyOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

function numberOf(key: string): number {
  return Number.parseInt(key.slice(-12), 16);
}

/** Measures every face. */
function plainFloats(
  size: number,
  all: Float32Array | undefined,
  face: (n: number) => Float32Array,
  space: ConstructorParameters<typeof FaceIndex>[0],
): Search {
  return (vector, limit) => {
    const distances = all
      ? distancesToRows(space, vector, all, size)
      : Float64Array.from({ length: size }, (_, n) => distance(space, vector, face(n)));
    const farthest = distances.slice().sort()[Math.min(limit, size) - 1]!;
    return Array.from(distances.keys()).filter((n) => distances[n]! <= farthest);
  };
}

function graph(all: Float32Array, size: number, length: number): Search {
  const index = new Index({
    dimensions: length,
    metric: MetricKind.L2sq,
    quantization: ScalarKind.F32,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 64,
    multi: false,
  });
  const start = performance.now();
  index.add(
    BigUint64Array.from({ length: size }, (_, n) => BigInt(n)),
    all,
    1,
  );
  console.log(`usearch HNSW: insert ${(((performance.now() - start) * 1000) / size).toFixed(0)} us`);
  return (vector, limit) => numbersOf(index.search(vector, limit, 1));
}

function numbersOf({ keys }: Matches): number[] {
  return Array.from(keys, Number);
}

/** Copies the numbers to a place that stays in the processor's cache: as long as it takes to read them. */
function millisecondsToRead(numbers: Float32Array): number {
  const cached = new Float32Array(2 ** 16);
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let at = 0; at < numbers.length; at += cached.length)
      cached.set(numbers.subarray(at, at + cached.length));
    return performance.now() - start;
  });
  return Math.min(...times);
}

function memoryInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function sizes(list: unknown): number[] {
  return String(list)
    .split(',')
    .filter((size) => size !== '')
    .map(Number);
}
