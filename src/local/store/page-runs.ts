import type { FileHandle } from 'node:fs/promises';

/** Pages of a file that belong together, one behind the other. */
export interface Run {
  readonly page: number;
  readonly pages: number;
}

const READ_BYTES = 1024 * 1024;
/** To read over so many pages that nobody wants is faster than to read once more. */
const GAP_PAGES = 16;

/**
 * Reads runs of pages in the order in which they lie in the file, many at once: that is how disks are fastest.
 *
 * @param runs are sorted
 * @returns some runs at a time with their bytes, which the next ones overwrite; what lies behind the end of the file
 * is missing
 */
export async function* readRuns<Wanted extends Run>(
  handle: FileHandle,
  runs: Wanted[],
  pageSize: number,
): AsyncGenerator<(readonly [Wanted, Buffer])[], void, void> {
  runs.sort((a, b) => a.page - b.page);
  let buffer = Buffer.alloc(0);
  for (let next = 0; next < runs.length; ) {
    const first = next;
    const start = runs[first]!.page;
    let end = start;
    for (; next < runs.length; next++) {
      const { page, pages } = runs[next]!;
      const isNear = page <= end + GAP_PAGES && (page + pages - start) * pageSize <= READ_BYTES;
      if (next > first && !isNear) break;
      end = page + pages;
    }
    const length = (end - start) * pageSize;
    if (buffer.length < length) buffer = Buffer.alloc(Math.max(length, READ_BYTES));
    const read = await readFully(handle, buffer.subarray(0, length), start * pageSize);
    yield runs.slice(first, next).map((run) => {
      const at = (run.page - start) * pageSize;
      return [run, read.subarray(at, at + run.pages * pageSize)] as const;
    });
  }
}

async function readFully(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
