/** Requests and answers hold all the memory that they may. A client should send its request again a little later. */
export class TooManyBytesError extends Error {
  override readonly name = 'TooManyBytesError';
}

/** The bytes of requests and answers that a server has in memory, and how many there may be. */
export class BytesInFlight {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** For one request, from the first byte of it that arrives until its answer was read. */
  open(): HeldBytes {
    let held: number | undefined = 0;
    const add = (bytes: number) => {
      if (held === undefined) return;
      held += bytes;
      this.#held += bytes;
    };
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#most) throw new TooManyBytesError();
        add(bytes);
      },
      add,
      release: () => {
        this.#held -= held ?? 0;
        held = undefined;
      },
    };
  }
}

export interface HeldBytes {
  /** @throws TooManyBytesError when there is no room for them */
  take(bytes: number): void;
  /** Bytes that cannot be refused any more: what was asked for is done. */
  add(bytes: number): void;
  release(): void;
}
