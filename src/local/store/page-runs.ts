import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Turns } from '../turns.js';

/** Pages of a file that belong together, one behind the other. */
export interface Run {
  readonly page: number;
  readonly pages: number;
}

/** More at once is not faster, and holds up others where the disk is slow. */
const READ_BYTES = 256 * 1024;
/** To read over so much that nobody wants takes no longer than to read once more. */
const GAP_BYTES = 16 * 1024;

/**
 * Reads runs of pages, in slices between which others have their turn.
 *
 * What is wanted lies scattered over the file, and the system mostly has it in memory. Then a read takes about 2 µs,
 * and one that is waited for 50 µs: hence the ones that are not.
 *
 * @param runs in the order in which they lie in the file
 * @param bytesOfEach only the first bytes of each run are wanted
 * @returns some runs at a time with their bytes, which the next ones overwrite; what lies behind the end of the file
 * is missing
 */
export async function* readRuns<Wanted extends Run>(
  { fd }: FileHandle,
  runs: Iterable<Wanted>,
  pageSize: number,
  bytesOfEach = Number.POSITIVE_INFINITY,
): AsyncGenerator<(readonly [Wanted, Buffer])[], void, void> {
  const lengthOf = ({ pages }: Run) => Math.min(bytesOfEach, pages * pageSize);
  let buffer = Buffer.allocUnsafe(READ_BYTES);
  let filled = 0;
  let read: (readonly [Wanted, Buffer])[] = [];
  const turns = new Turns();
  for (const { start, end, wanted } of stretches(runs, pageSize, lengthOf)) {
    const length = end - start;
    if (filled + length > buffer.length) {
      yield read;
      read = [];
      filled = 0;
      if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
    }
    if (turns.isDue) await turns.give();
    const bytes = readFully(fd, buffer.subarray(filled, filled + length), start);
    filled += length;
    for (const run of wanted) {
      const at = run.page * pageSize - start;
      read.push([run, bytes.subarray(at, at + lengthOf(run))]);
    }
  }
  yield read;
}

/** Bytes that are read at once, and the runs that are wanted of them. */
interface Stretch<Wanted> {
  readonly start: number;
  readonly end: number;
  readonly wanted: readonly Wanted[];
}

function* stretches<Wanted extends Run>(
  runs: Iterable<Wanted>,
  pageSize: number,
  lengthOf: (run: Run) => number,
): Generator<Stretch<Wanted>, void, void> {
  let [start, end] = [0, 0];
  let wanted: Wanted[] = [];
  for (const run of runs) {
    const runStart = run.page * pageSize;
    const runEnd = runStart + lengthOf(run);
    const isNear = runStart <= end + GAP_BYTES && runEnd - start <= READ_BYTES;
    if (wanted.length > 0 && !isNear) {
      yield { start, end, wanted };
      wanted = [];
    }
    if (wanted.length === 0) start = runStart;
    end = runEnd;
    wanted.push(run);
  }
  if (wanted.length > 0) yield { start, end, wanted };
}

function readFully(fd: number, buffer: Buffer, position: number): Buffer {
  let length = 0;
  while (length < buffer.length) {
    const bytesRead = readSync(fd, buffer, length, buffer.length - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
