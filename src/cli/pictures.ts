import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** Where pictures that were made of photos are written: `out/party.annotated.jpg` of `photos/party.heic`. */
export class Pictures {
  readonly #folder: string;
  readonly #ending: string;
  readonly #taken = new Set<string>();

  /** @param ending what the names end in, so that no photo has one of them: `.annotated.jpg` */
  constructor(folder: string, ending: string) {
    this.#folder = folder;
    this.#ending = ending;
  }

  /** @returns its path. One that was written before is replaced; of two photos of one name each has its own */
  async write(photo: string, picture: Uint8Array): Promise<string> {
    const path = join(this.#folder, this.#nameFor(photo));
    await mkdir(this.#folder, { recursive: true });
    // A link of that name may lead to the photo, and half a picture is none.
    const draft = `${path}.${randomUUID()}.new`;
    try {
      await writeFile(draft, picture, { flag: 'wx' });
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    return path;
  }

  #nameFor(photo: string): string {
    const base = basename(photo, extname(photo));
    for (let n = 1; ; n++) {
      const name = `${base}${n === 1 ? '' : `-${n}`}${this.#ending}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
