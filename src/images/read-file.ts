import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Why nothing was read: what lies at the path is no regular file. Its message finishes the sentence "this is …". */
export class NoRegularFileError extends Error {
  override readonly name = 'NoRegularFileError';
}

/** Bytes that are read at a time, so that giving up is seen in between. */
const PIECE = 512 * 1024;

/**
 * The bytes of a regular file: as many as it had when it was opened. A pipe or a device would be read without end, or
 * keep a thread waiting for good.
 *
 * @param checkLength called with the number of bytes before they are read; throws when they are too many
 * @throws NoRegularFileError, what the system says, or the signal's reason
 */
export async function readRegularFile(
  path: string,
  checkLength: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  // Without this flag, opening a pipe waits for a writer. Windows has no such flag, and needs none.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // The opened file is checked, not the path, which may be something else by now.
    const stats = await file.stat();
    if (!stats.isFile()) throw new NoRegularFileError(kindOf(stats));
    checkLength(stats.size);
    return await readBytes(file, stats.size, signal);
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, size: number, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  while (filled < size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, filled, Math.min(PIECE, size - filled));
    // The file was truncated meanwhile.
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  signal?.throwIfAborted();
  return bytes.subarray(0, filled);
}

function kindOf(stats: Awaited<ReturnType<FileHandle['stat']>>): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
