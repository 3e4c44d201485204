/**
 * One message in protobuf's wire format (protobuf.dev/programming-guides/encoding), written field by field.
 * Parts are kept as they come and joined once at the end, so that nested messages and large byte fields are
 * copied only once.
 */
export class ProtobufMessage {
  readonly #parts: (Uint8Array | ProtobufMessage)[] = [];
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
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#header(field, value.length).#append(value);
  }

  message(field: number, value: ProtobufMessage): this {
    return this.#header(field, value.#length).#append(value);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    this.#writeTo(bytes, 0);
    return bytes;
  }

  /** @returns where the next part begins */
  #writeTo(bytes: Uint8Array, start: number): number {
    let offset = start;
    for (const part of this.#parts) {
      if (part instanceof ProtobufMessage) {
        offset = part.#writeTo(bytes, offset);
      } else {
        bytes.set(part, offset);
        offset += part.length;
      }
    }
    return offset;
  }

  #header(field: number, length: number): this {
    return this.#append(varint((field << 3) | 2)).#append(varint(length));
  }

  #append(part: Uint8Array | ProtobufMessage): this {
    this.#parts.push(part);
    this.#length += part instanceof ProtobufMessage ? part.#length : part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
