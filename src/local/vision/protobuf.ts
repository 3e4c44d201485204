/**
 * One message in protobuf's wire format (protobuf.dev/programming-guides/encoding), written field by field.
 * Chunks are kept as they come and joined once at the end, so that nested messages and large byte fields are
 * copied only once.
 */
export class ProtobufMessage {
  readonly #chunks: Uint8Array[] = [];
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

  bytes(field: number, value: Uint8Array): this {
    return this.#header(field, value.length).#append(value);
  }

  message(field: number, value: ProtobufMessage): this {
    this.#header(field, value.#length);
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  #header(field: number, length: number): this {
    return this.#append(varint((field << 3) | 2)).#append(varint(length));
  }

  #append(chunk: Uint8Array): this {
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
