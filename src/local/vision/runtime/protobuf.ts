/** So many bytes that are written when a message is joined, so that they need not be there with all the others. */
export interface LateBytes {
  readonly length: number;
  /** @param into `length` bytes, the first at the start of a buffer */
  readonly write: (into: Uint8Array<ArrayBuffer>) => void;
}

/**
 * One message in protobuf's wire format (protobuf.dev/programming-guides/encoding), written field by field.
 * Chunks are kept as they come and joined once at the end, so that nested messages and large byte fields are
 * copied only once.
 */
export class ProtobufMessage {
  readonly #chunks: (Uint8Array | LateBytes)[] = [];
  #length = 0;

  /** A 64-bit integer: a whole number of at most 53 bits; negative ones take ten bytes, as the format says. */
  integer(field: number, value: number): this {
    return this.#append(varint(field << 3)).#append(varint(value));
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#append(varint((field << 3) | 5)).#append(bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array | LateBytes): this {
    return this.#header(field, value.length).#append(value);
  }

  message(field: number, value: ProtobufMessage): this {
    this.#header(field, value.#length);
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  /**
   * The bytes of the message. Their buffer is resizable: `resize(0)` gives its memory back to the system at once, where
   * others wait to be collected, and then mostly stay with the process (glibc keeps what a thread has freed).
   */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(new ArrayBuffer(this.#length, { maxByteLength: this.#length }));
    const lateLengths = this.#chunks.map((chunk) => (chunk instanceof Uint8Array ? 0 : chunk.length));
    const scratch = new Uint8Array(Math.max(0, ...lateLengths));
    let offset = 0;
    for (const chunk of this.#chunks) {
      if (chunk instanceof Uint8Array) {
        bytes.set(chunk, offset);
      } else {
        const written = scratch.subarray(0, chunk.length);
        chunk.write(written);
        bytes.set(written, offset);
      }
      offset += chunk.length;
    }
    return bytes;
  }

  #header(field: number, length: number): this {
    return this.#append(varint((field << 3) | 2)).#append(varint(length));
  }

  #append(chunk: Uint8Array | LateBytes): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
