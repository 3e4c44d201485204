/*
 * Measures vector search: `FaceIndex` beside plain float arithmetic, usearch (exact, and its HNSW graph), and beside
 * how long it takes merely to read the vectors.
 *
 *     npm run bench -- vectors [--sizes 1000,10000,100000,1000000] [--sizes-of-both 1000,10000,100000,1000000]
 *                              [--graph-up-to 10000] [--json FILE]
 *
 * `--sizes` are searched with one descriptor, `--sizes-of-both` with both. A graph takes long to build, hence
 * `--graph-up-to`. Half of the searched faces are new ones of people in the index, half are strangers. All candidates
 * answer each search in turn. Recall is the part of the true nearest that was found. Fails when the five
 * nearest of a million faces with both descriptors take more than three times as long as with one.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exactSearch, Index, type Matches, MetricKind, ScalarKind } from 'usearch';
import { distancesToRows } from '../src/local/distances.js';
import { LEARN_AT, LEARN_FROM } from '../src/local/store/learned-projections.js';
import { FaceIndex } from '../src/local/vectors/face-index.js';
import type { Projection } from '../src/local/vectors/projection.js';
import { learnProjections, projectionsOf } from '../src/local/vectors/projections.js';
import { VectorTables } from '../src/local/vectors/tables.js';
import { type Figure, holds, toTable } from './figures.js';
import { MadeUpFaces, PARTS } from './vectors/made-up-faces.js';

const { values } = parseArgs({
  strict: false,
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    'sizes-of-both': { type: 'string', default: '1000,10000,100000,1000000' },
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
const FACES_AT_A_TIME = 1000;
const MILLION = 1_000_000;

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
const figures = figuresOfBoth();
if (figures.length > 0) console.log(`\n${toTable(figures)}`);
if (figures.some((figure) => holds(figure) === false)) process.exitCode = 1;
if (values.json !== undefined) writeFileSync(String(values.json), JSON.stringify(results, null, 2));

async function bench(parts: 1 | 2, size: number): Promise<void> {
  const faces = new MadeUpFaces(parts);
  const { length } = faces;
  const space = PARTS.slice(0, parts);
  console.log(`\n${size} faces of ${length} numbers`);
  const all = size * length <= MOST_NUMBERS ? new Float32Array(size * length) : undefined;
  if (all) for (let n = 0; n < size; n++) faces.write(n, all, n * length);
  const face = (n: number) => all?.subarray(n * length, (n + 1) * length) ?? faces.make(n);

  const candidates = new Map<string, Search>([['rekollect', await rekollect(size, face, space)]]);
  if (all)
    candidates.set(TRUTH, (vector, limit) => nearest(distancesToRows(space, vector, all, size), limit));
  // usearch cannot weigh parts.
  if (all && parts === 1) {
    candidates.set('usearch exact', (vector, limit) =>
      numbersOf(exactSearch(all, vector, length, limit, MetricKind.L2sq, 1) as Matches),
    );
    if (size <= Number(values['graph-up-to'])) candidates.set('usearch HNSW', graph(all, size, length));
  }
  if (all) console.log(`reading them: ${millisecondsToRead(all).toFixed(2)} ms`);

  // The first few searches are slower while they are compiled, and do not count.
  const searched = Array.from({ length: WARM_UPS + SEARCHES }, (_, i) =>
    i % 2 === 0 ? faces.anotherOf((i * 7919) % size) : faces.make(size + 3 * i),
  );
  const truths = all ? undefined : distancesOf(searched, size, faces, space);
  for (const limit of LIMITS)
    results.push(...(await measure(faces, size, limit, candidates, searched, truths)));
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
  searched: readonly Float32Array[],
  truths: readonly Float64Array[] | undefined,
): Promise<Result[]> {
  const answers = Array.from(candidates, ([candidate, search]) => {
    const times: number[] = [];
    return { candidate, search, times, recall: 0 };
  });
  for (const [i, vector] of searched.entries()) {
    const found = new Map<string, number[]>();
    for (const { candidate, search, times } of answers) {
      const start = performance.now();
      found.set(candidate, await search(vector, limit));
      if (i >= WARM_UPS) times.push(performance.now() - start);
    }
    if (i < WARM_UPS) continue;
    const truth = new Set(truths ? nearest(truths[i]!, limit) : found.get(TRUTH));
    for (const answer of answers) {
      const hits = found.get(answer.candidate)!.filter((n) => truth.has(n)).length;
      answer.recall += hits / truth.size / SEARCHES;
    }
  }
  return answers.map(({ candidate, times, recall }) => {
    times.sort((a, b) => a - b);
    const median = times[SEARCHES >> 1]!;
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
  if (size >= LEARN_AT) await index.learn(learnedFrom(face, space));
  for (let first = 0; first < size; first += FACES_AT_A_TIME) {
    const block = Array.from({ length: Math.min(FACES_AT_A_TIME, size - first) }, (_, i) => ({
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

/** What a collection would have learned by now. */
function learnedFrom(
  face: (n: number) => Float32Array,
  space: ConstructorParameters<typeof FaceIndex>[0],
): Projection[] {
  const tables = new VectorTables(space.map(({ length }) => length));
  const some = Array.from({ length: LEARN_FROM }, (_, i) => face((i * LEARN_AT) / LEARN_FROM).slice());
  return projectionsOf(tables, learnProjections(tables, some));
}

/** Shaped like the ids of faces. */
function keyOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

function numberOf(key: string): number {
  return Number.parseInt(key.slice(-12), 16);
}

/** The distances of each vector from every face, of which only some are made up at a time. */
function distancesOf(
  vectors: readonly Float32Array[],
  size: number,
  faces: MadeUpFaces,
  space: ConstructorParameters<typeof FaceIndex>[0],
): Float64Array[] {
  const distances = vectors.map(() => new Float64Array(size));
  const some = new Float32Array(FACES_AT_A_TIME * faces.length);
  for (let first = 0; first < size; first += FACES_AT_A_TIME) {
    const count = Math.min(FACES_AT_A_TIME, size - first);
    for (let i = 0; i < count; i++) faces.write(first + i, some, i * faces.length);
    for (const [i, vector] of vectors.entries())
      distances[i]!.set(distancesToRows(space, vector, some, count), first);
  }
  return distances;
}

function nearest(distances: Float64Array, limit: number): number[] {
  const farthest = distances.slice().sort()[Math.min(limit, distances.length) - 1]!;
  return Array.from(distances.keys()).filter((n) => distances[n]! <= farthest);
}

/** How much longer searches take with both descriptors than with one, where as many faces were searched. */
function figuresOfBoth(): Figure[] {
  const ours = results.filter(({ candidate }) => candidate === 'rekollect');
  const numbers = Math.max(...ours.map((result) => result.numbers));
  return ours.flatMap((both) => {
    const { faces, limit } = both;
    const one = ours.find((other) => other.faces === faces && other.limit === limit && other !== both);
    if (!one || both.numbers < numbers) return [];
    const name = `both descriptors beside one, ${limit} nearest of ${faces} faces`;
    return {
      name,
      ours: both.median / one.median,
      unit: 'x',
      ...(faces >= MILLION && limit === LIMITS[0] && { target: { atMost: 3 } }),
    };
  });
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
