import { ProtobufMessage } from './protobuf.js';
import type { WeightTensor } from './weights.js';

/** Field numbers and enum values are those of onnx.proto (github.com/onnx/onnx, IR version 8, opset 17). */
const IR_VERSION = 8;
const OPSET = 17;
const ELEMENT_TYPES = { float32: 1, uint8: 2, int64: 7, float16: 10 } as const;
const ATTRIBUTE_TYPES = { float: 1, integer: 2, string: 3, integers: 7 } as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** A size, or a name for one that is known only when the net runs. */
export type Dimension = number | string;

/** A value that flows through the graph: an input, a constant, or what a node made. */
export interface GraphValue {
  readonly name: string;
}

/** Constant numbers of a known shape, in row-major order. */
export interface GraphWeights extends GraphValue {
  readonly shape: readonly number[];
}

/** Whole numbers become ONNX integers; a number that must be a float is given as `{ float: 1 }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** Writes a neural net as an ONNX model in memory: inputs, constants, nodes, outputs. */
export class OnnxGraph {
  readonly #graph = new ProtobufMessage();
  #values = 0;

  constructor(name: string) {
    this.#graph.string(2, name);
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): GraphValue {
    this.#graph.message(11, valueInfo(name, type, shape));
    return { name };
  }

  output(value: GraphValue, name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#graph.message(1, nodeMessage('Identity', [value.name], name, {}));
    this.#graph.message(12, valueInfo(name, type, shape));
  }

  floats(values: Float32Array, shape: readonly number[]): GraphWeights {
    const { buffer, byteOffset, byteLength } = values;
    return this.#constant('float32', new Uint8Array(buffer, byteOffset, byteLength), shape);
  }

  /** Weights as they are stored; the runtime works out once, when it loads the model, what numbers they stand for. */
  weights({ shape, bytes, quantization }: WeightTensor): GraphWeights {
    const stored = this.#constant(quantization?.dtype ?? 'float32', bytes, shape);
    if (!quantization) return stored;
    const numbers = this.node('Cast', [stored], { to: ELEMENT_TYPES.float32 });
    if (quantization.dtype === 'float16') return { ...numbers, shape };
    const [scale, min] = [quantization.scale, quantization.min].map((n) =>
      this.floats(Float32Array.of(n), []),
    );
    return { ...this.node('Add', [this.node('Mul', [numbers, scale!]), min!]), shape };
  }

  /** A one-dimensional list of integers, for operators that take shapes or paddings as an input. */
  integers(values: readonly number[]): GraphValue {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant('int64', new Uint8Array(data.buffer), [values.length]);
  }

  /** One ONNX operator with one output. `operator` and `attributes` are spelled as in ONNX's operator list. */
  node(
    operator: string,
    inputs: readonly GraphValue[],
    attributes: Record<string, Attribute> = {},
  ): GraphValue {
    const name = this.#newName();
    const inputNames = inputs.map((input) => input.name);
    this.#graph.message(1, nodeMessage(operator, inputNames, name, attributes));
    return { name };
  }

  /** The bytes of a complete `.onnx` file. */
  toModel(): Uint8Array<ArrayBuffer> {
    return new ProtobufMessage()
      .integer(1, IR_VERSION)
      .message(7, this.#graph)
      .message(8, new ProtobufMessage().string(1, '').integer(2, OPSET))
      .toBytes();
  }

  #constant(type: ElementType, data: Uint8Array, shape: readonly number[]): GraphWeights {
    const name = this.#newName();
    const tensor = new ProtobufMessage();
    for (const size of shape) tensor.integer(1, size);
    tensor.integer(2, ELEMENT_TYPES[type]).string(8, name).bytes(9, data);
    this.#graph.message(5, tensor);
    return { name, shape };
  }

  #newName(): string {
    this.#values += 1;
    return `value${this.#values}`;
  }
}

function nodeMessage(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Record<string, Attribute>,
): ProtobufMessage {
  const node = new ProtobufMessage();
  for (const input of inputs) node.string(1, input);
  node.string(2, output).string(4, operator);
  for (const [name, value] of Object.entries(attributes)) node.message(5, attributeMessage(name, value));
  return node;
}

function attributeMessage(name: string, value: Attribute): ProtobufMessage {
  const attribute = new ProtobufMessage().string(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, ATTRIBUTE_TYPES.integer);
  if (typeof value === 'string') return attribute.string(4, value).integer(20, ATTRIBUTE_TYPES.string);
  if ('float' in value) return attribute.float(2, value.float).integer(20, ATTRIBUTE_TYPES.float);
  for (const item of value) attribute.integer(8, item);
  return attribute.integer(20, ATTRIBUTE_TYPES.integers);
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const size of shape) {
    const dimension = new ProtobufMessage();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.string(2, size));
  }
  const tensorType = new ProtobufMessage().integer(1, ELEMENT_TYPES[type]).message(2, dimensions);
  return new ProtobufMessage().string(1, name).message(2, new ProtobufMessage().message(1, tensorType));
}
