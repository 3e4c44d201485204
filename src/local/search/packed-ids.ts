/** Ids, one after the other: as bytes where all are UUIDs, as those of faces are. */
export type PackedIds = readonly string[] | Uint8Array;

export const UUID_BYTES = 16;

/** As they are written: in lower case. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
/** Bytes of zeros stand for no id at all. */
const NIL = '00000000-0000-0000-0000-000000000000';

export function packIds(ids: readonly string[]): PackedIds {
  const bytes = Buffer.from(new ArrayBuffer(UUID_BYTES * ids.length));
  return ids.every((id, i) => writeUuid(id, bytes, i * UUID_BYTES)) ? new Uint8Array(bytes.buffer) : ids;
}

export function unpackIds(ids: PackedIds): readonly string[] {
  if (!(ids instanceof Uint8Array)) return ids;
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  return Array.from({ length: ids.length / UUID_BYTES }, (_, i) => readUuid(bytes, i * UUID_BYTES));
}

/** Where an id is among others; below 0 where it is not. */
export function indexOfId(ids: PackedIds, id: string): number {
  if (!(ids instanceof Uint8Array)) return ids.indexOf(id);
  const wanted = Buffer.alloc(UUID_BYTES);
  if (!writeUuid(id, wanted)) return -1;
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  let at = bytes.indexOf(wanted);
  // The end of one and the beginning of the next may look like it.
  while (at % UUID_BYTES > 0) at = bytes.indexOf(wanted, at + 1);
  return at < 0 ? -1 : at / UUID_BYTES;
}

/** @returns whether it is one; if not, the bytes may be anything */
export function writeUuid(id: string, bytes: Buffer, at = 0): boolean {
  if (!UUID.test(id) || id === NIL) return false;
  bytes.write(id.replaceAll('-', ''), at, 'hex');
  return true;
}

export function readUuid(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + UUID_BYTES);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
