import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps pictures to be looked at in a folder, which is made: the first of each kind, and all with false faces. */
export class Pictures {
  readonly #folder: string | undefined;
  readonly #kinds = new Set<string>();

  /** @param folder none keeps nothing */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async keep(kind: string, number: number, falseFaces: number, bytes: Uint8Array): Promise<void> {
    if (this.#folder === undefined || (falseFaces === 0 && this.#kinds.has(kind))) return;
    this.#kinds.add(kind);
    await mkdir(this.#folder, { recursive: true });
    const format = bytes[0] === 0xff ? 'jpg' : 'png';
    // Names of kinds have characters that file systems mind.
    const name = `${kind.replace(/\W+/g, '-')}-${number}-false-${falseFaces}.${format}`;
    await writeFile(join(this.#folder, name), bytes);
  }
}
