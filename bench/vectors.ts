/*
 * Measures vector search: `VectorIndex` beside plain float arithmetic, usearch (exact, and its HNSW graph), and beside
 * how long it takes merely to read the vectors.
 *
 *     npm run bench -- vectors [--sizes 1000,10000,100000,1000000] [--graph-up-to 10000] [--json FILE]
 *
 * A graph takes long to build, hence `--graph-up-to`. Half of the searched faces are new ones of people in the index,
 * half are strangers. All candidates answer each search in turn. Recall is the part of the true nearest that was found.
 * Vectors of 192 numbers are what the engine has; those of 128 say what the additional ones cost. Fails when a target is
 * missed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exactSearch, Index, type Matches, MetricKind, ScalarKind } from 'usearch';
import { distance } from '../src/local/search/distances.js';
import { VectorIndex } from '../src/local/search/vector-index.js';
import { type Figure, holds, median, toTable } from './figures.js';
import { MadeUpFaces, type VectorLength } from './vectors/made-up-faces.js';

const { values } = parseArgs({
  strict: false,
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    'graph-up-to': { type: 'string', default: '10000' },
    json: { type: 'string' },
  },
});

/** The candidate that is right by its nature. */
const TRUTH = 'plain floats';
const LENGTHS: readonly VectorLength[] = [128, 192];
const LIMITS = [5, 100];
const SEARCHES = 16;
const WARM_UPS = 4;
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

/** The index of one bench. */
interface Bench {
  search: Search;
  searched: readonly Float32Array[];
}

const results: Result[] = [];
const figures: Figure[] = [];
for (const size of String(values.sizes).split(',').map(Number)) {
  const benches = [];
  for (const length of LENGTHS) benches.push(await bench(length, size));
  for (const limit of LIMITS) figures.push(await compareLengths(benches, size, limit));
}
console.log(`\n${toTable(figures)}`);
if (figures.some((figure) => holds(figure) === false)) process.exitCode = 1;
if (values.json !== undefined) writeFileSync(String(values.json), JSON.stringify(results, null, 2));

/** @returns how it was searched, and for what */
async function bench(length: VectorLength, size: number): Promise<Bench> {
  console.log(`\n${size} faces of ${length} numbers`);
  const faces = new MadeUpFaces(length);
  const all = new Float32Array(size * length);
  for (let n = 0; n < size; n++) faces.write(n, all, n * length);
  const face = (n: number) => all.subarray(n * length, (n + 1) * length);

  const search = rekollect(size, length, face);
  const candidates = new Map<string, Search>([
    ['rekollect', search],
    [TRUTH, (vector, limit) => nearest(distances(vector, all, size), limit)],
    [
      'usearch exact',
      (vector, limit) => numbersOf(exactSearch(all, vector, length, limit, MetricKind.Cos, 1) as Matches),
    ],
  ]);
  if (size <= Number(values['graph-up-to'])) candidates.set('usearch HNSW', graph(all, size, length));
  console.log(`reading them: ${millisecondsToRead(all).toFixed(2)} ms`);

  // The first few searches are slower while they are compiled, and do not count.
  const searched = Array.from({ length: WARM_UPS + SEARCHES }, (_, i) =>
    i % 2 === 0 ? faces.anotherOf((i * 7919) % size) : faces.make(size + 3 * i),
  );
  const measured: Result[] = [];
  for (const limit of LIMITS)
    measured.push(...(await measure({ faces: size, numbers: length, limit }, candidates, searched)));
  results.push(...measured);
  console.table(
    measured.map(({ candidate, limit, median, longest, recall }) => ({
      candidate,
      matches: limit,
      'median ms': Number(median.toFixed(2)),
      'longest ms': Number(longest.toFixed(2)),
      recall: Number(recall.toFixed(3)),
    })),
  );
  return { search, searched };
}

/** How much longer searches take with vectors of more numbers: one of each in turn, since machines have their moods. */
async function compareLengths(benches: readonly Bench[], size: number, limit: number): Promise<Figure> {
  const ratios: number[] = [];
  for (let i = 0; i < WARM_UPS + SEARCHES; i++) {
    const times: number[] = [];
    for (const { search, searched } of benches) {
      const start = performance.now();
      await search(searched[i]!, limit);
      times.push(performance.now() - start);
    }
    ratios.push(times[1]! / times[0]!);
  }
  return {
    name: `192 numbers beside 128, ${limit} nearest of ${size} faces`,
    ours: median(ratios),
    unit: 'x',
    ...(size >= MILLION && limit === LIMITS[0] && { target: { atMost: 1.7 } }),
  };
}

/** Lets all candidates answer the same searches. */
async function measure(
  setting: Pick<Result, 'faces' | 'numbers' | 'limit'>,
  candidates: ReadonlyMap<string, Search>,
  searched: readonly Float32Array[],
): Promise<Result[]> {
  const answers = Array.from(candidates, ([candidate, search]) => {
    const times: number[] = [];
    return { candidate, search, times, recall: 0 };
  });
  for (const [i, vector] of searched.entries()) {
    const found = new Map<string, number[]>();
    for (const { candidate, search, times } of answers) {
      const start = performance.now();
      found.set(candidate, await search(vector, setting.limit));
      if (i >= WARM_UPS) times.push(performance.now() - start);
    }
    if (i < WARM_UPS) continue;
    const truth = new Set(found.get(TRUTH));
    for (const answer of answers) {
      const hits = found.get(answer.candidate)!.filter((n) => truth.has(n)).length;
      answer.recall += hits / truth.size / SEARCHES;
    }
  }
  return answers.map(({ candidate, times, recall }) => {
    times.sort((a, b) => a - b);
    return { ...setting, candidate, median: times[SEARCHES >> 1]!, longest: times.at(-1)!, recall };
  });
}

/** Fills an index, and says what that takes. */
function rekollect(size: number, length: VectorLength, face: (n: number) => Float32Array): Search {
  const before = memoryInUse();
  const index = new VectorIndex({ length, metric: 'cosine' }, (key) => face(numberOf(key)), {
    expected: size,
  });
  const start = performance.now();
  for (let n = 0; n < size; n++) index.set(keyOf(n), face(n));
  const inserting = ((performance.now() - start) * 1000) / size;
  const memory = (memoryInUse() - before) / size;
  console.log(`insert ${inserting.toFixed(2)} us`);
  // Of fewer faces, the memory of everything else drowns theirs.
  if (size >= MILLION && length === 192)
    figures.push({
      name: 'memory of a face, its id included',
      ours: memory,
      unit: 'bytes',
      target: { atMost: 1100 },
    });
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

function distances(vector: Float32Array, all: Float32Array, size: number): Float64Array {
  const { length } = vector;
  return Float64Array.from({ length: size }, (_, n) =>
    distance('cosine', vector, all.subarray(n * length, (n + 1) * length)),
  );
}

function nearest(distances: Float64Array, limit: number): number[] {
  const farthest = distances.slice().sort()[Math.min(limit, distances.length) - 1]!;
  return Array.from(distances.keys()).filter((n) => distances[n]! <= farthest);
}

function graph(all: Float32Array, size: number, length: number): Search {
  const index = new Index({
    dimensions: length,
    metric: MetricKind.Cos,
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
