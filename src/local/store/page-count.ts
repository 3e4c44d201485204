import { type FileHandle, open, truncate } from 'node:fs/promises';
import { endianness } from 'node:os';

/*
 * LMDB maps its file into memory. When the file was cut short, reading behind its end does not fail: it ends the
 * process. So its length has to be looked at first, against the number of pages that its first pages tell.
 *
 * Offsets in a page that describes the file (`MDB_meta` in the mdb.c of lmdb 3.5, behind a header of 24 bytes).
 */
const META = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 };
const MAGIC = 0xbeefc0de;
const VERSION = 2;

/**
 * Lengthens a file that has fewer pages than it should, by zeros. The last pages of a database may be free ones
 * that were never written, and then nothing is missing; whether that is so, only reading everything can tell.
 *
 * @returns what gives the file its old length back; `undefined` when it is long enough, or not of the kind we know
 */
export async function lengthenToPages(file: string): Promise<(() => Promise<void>) | undefined> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const wanted = await toldLength(handle);
    if (wanted === undefined || wanted <= size) return undefined;
    await truncate(file, wanted);
    return () => truncate(file, size);
  } finally {
    await handle.close();
  }
}

/** Bytes that the file has by its own account: by the newer of the two pages that describe it. */
async function toldLength(file: FileHandle): Promise<number | undefined> {
  const first = await readMeta(file, 0);
  const second = first && (await readMeta(file, first.pageSize));
  const newer = first && second && second.transaction > first.transaction ? second : first;
  return newer && (newer.lastPage + 1) * newer.pageSize;
}

async function readMeta(file: FileHandle, position: number) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(META.end), 0, META.end, position);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const isLittleEndian = endianness() === 'LE';
  if (bytesRead < META.end || view.getUint32(META.magic, isLittleEndian) !== MAGIC) return undefined;
  if (view.getUint32(META.version, isLittleEndian) !== VERSION) return undefined;
  return {
    pageSize: view.getUint32(META.pageSize, isLittleEndian),
    lastPage: Number(view.getBigUint64(META.lastPage, isLittleEndian)),
    transaction: Number(view.getBigUint64(META.transaction, isLittleEndian)),
  };
}
