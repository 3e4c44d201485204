import { Float16Array } from '@petamoriken/float16';
import protobuf from 'protobufjs';

/* The messages and fields of onnx.proto (github.com/onnx/onnx, Apache-2.0) that these models have. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message ModelProto {
    int64 ir_version = 1;
    GraphProto graph = 7;
    repeated OperatorSetIdProto opset_import = 8;
  }
  message OperatorSetIdProto { string domain = 1; int64 version = 2; }
  message GraphProto {
    repeated NodeProto node = 1;
    string name = 2;
    repeated TensorProto initializer = 5;
    repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message NodeProto {
    repeated string input = 1;
    repeated string output = 2;
    string name = 3;
    string op_type = 4;
    repeated AttributeProto attribute = 5;
  }
  message AttributeProto {
    string name = 1;
    float f = 2;
    int64 i = 3;
    bytes s = 4;
    TensorProto t = 5;
    repeated int64 ints = 8;
    int32 type = 20;
  }
  message TensorProto {
    repeated int64 dims = 1;
    int32 data_type = 2;
    string name = 8;
    bytes raw_data = 9;
  }
  message ValueInfoProto { string name = 1; TypeProto type = 2; }
  message TypeProto {
    message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
    Tensor tensor_type = 1;
  }
  message TensorShapeProto {
    message Dimension { int64 dim_value = 1; string dim_param = 2; }
    repeated Dimension dim = 1;
  }`,
  { keepCase: true },
);
const MODEL = root.lookupType('ModelProto');

export const ELEMENT_TYPES = { float32: 1, uint8: 2, float16: 10 };
const INTEGER_ATTRIBUTE = 2;

export interface OnnxNode {
  op_type: string;
  input: string[];
  output: string[];
  name?: string;
  attribute?: object[];
}

export interface OnnxTensor {
  name: string;
  dims: number[];
  data_type: number;
  raw_data: Uint8Array;
}

/** A model, as far as it is changed here. */
export interface OnnxModel {
  opset_import: { domain: string; version: number }[];
  graph: { node: OnnxNode[]; initializer: OnnxTensor[]; input: object[]; output: object[] };
}

export function readModel(bytes: Uint8Array): OnnxModel {
  return MODEL.toObject(MODEL.decode(bytes), { arrays: true, longs: Number }) as OnnxModel;
}

export function writeModel(model: OnnxModel): Uint8Array {
  return MODEL.encode(MODEL.fromObject(model)).finish();
}

/** Turns numbers of one type into another; `to` is of `ELEMENT_TYPES`. */
export function castNode(from: string, into: string, to: number): OnnxNode {
  return {
    op_type: 'Cast',
    name: `cast_${into}`,
    input: [from],
    output: [into],
    attribute: [{ name: 'to', i: to, type: INTEGER_ATTRIBUTE }],
  };
}

/** An input or output of a model; sizes that are known only when it runs have names. */
export function valueInfo(name: string, elementType: number, shape: readonly (number | string)[]): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: elementType, shape: { dim } } } };
}

/** Weights of fewer numbers stay as they are. */
const LARGE = 256;

/** Stores a model's large weights as 16-bit floats, which the runtime widens once, when it loads the model. */
export function storeAsHalves({ graph }: OnnxModel): void {
  const casts: OnnxNode[] = [];
  for (const tensor of graph.initializer) {
    const numbers = tensor.dims.reduce((product, size) => product * size, 1);
    if (tensor.data_type !== ELEMENT_TYPES.float32 || numbers < LARGE) continue;
    const halves = Float16Array.from(new Float32Array(new Uint8Array(tensor.raw_data).buffer));
    casts.push(castNode(`${tensor.name}_half`, tensor.name, ELEMENT_TYPES.float32));
    tensor.name += '_half';
    tensor.data_type = ELEMENT_TYPES.float16;
    tensor.raw_data = new Uint8Array(halves.buffer as ArrayBuffer);
  }
  graph.node.unshift(...casts);
}
