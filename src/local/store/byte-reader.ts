import { InvalidArgumentError } from '../../errors.js';
import { Turns } from '../turns.js';

/** Bytes that come in pieces of any length, to be read in those that are wanted. Others have their turn meanwhile. */
export class ByteReader {
  readonly #pieces: AsyncGenerator<Uint8Array, void, void>;
  readonly #turns = new Turns();
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = piecesOf(source);
  }

  /**
   * @returns the next bytes, in memory of their own; fewer where the source ends
   * @throws InvalidArgumentError when something else comes; whatever the source throws
   */
  async read(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        await this.#turns.give();
        const { value } = await this.#pieces.next();
        if (!value) break;
        this.#rest = value;
      }
      const piece = this.#rest.subarray(0, length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return bytes.subarray(0, filled);
  }

  /** Closes the source: one that was not read to its end may be an open file. */
  async close(): Promise<void> {
    await this.#pieces.return();
  }
}

async function* piecesOf(
  source: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of source) {
    if (!(piece instanceof Uint8Array)) throw new InvalidArgumentError('source', piece, 'bytes');
    yield piece;
  }
}
