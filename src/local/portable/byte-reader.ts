import { InvalidArgumentError } from '../../errors.js';
import { underSignal } from '../../signals.js';
import { TimeSlices } from '../../time-slices.js';

/** Bytes that come in pieces of any length, to be read in those that are wanted. The event loop goes on meanwhile. */
export class ByteReader {
  readonly #pieces: AsyncGenerator<Uint8Array, void, void>;
  readonly #slices = new TimeSlices();
  readonly #signal: AbortSignal | undefined;
  #rest: Uint8Array = new Uint8Array(0);

  /** @param signal gives up waiting for the source */
  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal?: AbortSignal) {
    this.#pieces = piecesOf(source);
    this.#signal = signal;
  }

  /**
   * @returns the next bytes, in memory of their own; fewer where the source ends
   * @throws InvalidArgumentError when something else comes; the signal's reason; whatever the source throws
   */
  async read(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        await this.#slices.next();
        const { value } = await underSignal(this.#signal, () => this.#pieces.next());
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
    const closed = this.#pieces.return();
    // One that sends nothing any more is closed when it does.
    if (this.#signal?.aborted) closed.catch(() => {});
    else await closed;
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
