import { ByteBuffer } from 'flatbuffers';

/** An operator of a TensorFlow Lite graph: what it does, with which tensors, and its options, by field number. */
export interface TfliteOperator {
  /** Of the enum `BuiltinOperator`. */
  readonly kind: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table;
}

/** A tensor of the graph; constants have their bytes. */
export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly constant: Uint8Array | undefined;
}

/** The one graph of a TensorFlow Lite model. */
export interface TfliteGraph {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** In the order in which they run. */
  readonly operators: readonly TfliteOperator[];
}

/** Field numbers are those of tensorflow/lite/schema/schema.fbs, version 3. */
export function readTflite(bytes: Uint8Array): TfliteGraph {
  const buffer = new ByteBuffer(bytes);
  const model = new Table(buffer, buffer.readInt32(0));
  const kinds = model.tables(1).map((code) => Math.max(code.byte(0), code.integer(3)));
  const constants = model.tables(4).map((constant) => constant.bytes(0));
  const graph = model.tables(2)[0]!;
  return {
    tensors: graph.tables(0).map((tensor) => ({
      shape: tensor.integers(0),
      constant: constants[tensor.integer(2)],
    })),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
    operators: graph.tables(3).map((operator) => ({
      kind: kinds[operator.integer(0)]!,
      inputs: operator.integers(1),
      outputs: operator.integers(2),
      options: operator.table(4),
    })),
  };
}

/** A flatbuffer's table. Fields that were left out are 0 or empty, as their defaults are. */
export class Table {
  readonly #buffer: ByteBuffer;
  readonly #position: number;

  constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.#position = position;
  }

  byte(field: number): number {
    const at = this.#find(field);
    return at === undefined ? 0 : this.#buffer.readInt8(at);
  }

  integer(field: number): number {
    const at = this.#find(field);
    return at === undefined ? 0 : this.#buffer.readInt32(at);
  }

  table(field: number): Table {
    return new Table(this.#buffer, this.#buffer.__indirect(this.#find(field)!));
  }

  tables(field: number): Table[] {
    return this.#places(field, 4).map((place) => new Table(this.#buffer, this.#buffer.__indirect(place)));
  }

  integers(field: number): number[] {
    return this.#places(field, 4).map((place) => this.#buffer.readInt32(place));
  }

  /** `undefined` where there are none. */
  bytes(field: number): Uint8Array | undefined {
    const at = this.#find(field);
    if (at === undefined) return undefined;
    const first = this.#buffer.__vector(at);
    return new Uint8Array(this.#buffer.bytes().subarray(first, first + this.#buffer.__vector_len(at)));
  }

  #places(field: number, bytesEach: number): number[] {
    const at = this.#find(field);
    if (at === undefined) return [];
    const first = this.#buffer.__vector(at);
    return Array.from({ length: this.#buffer.__vector_len(at) }, (_, i) => first + i * bytesEach);
  }

  #find(field: number): number | undefined {
    const offset = this.#buffer.__offset(this.#position, 4 + 2 * field);
    return offset === 0 ? undefined : this.#position + offset;
  }
}
