import type { GraphValue, GraphWeights, OnnxGraph } from '../onnx-graph.js';

/*
 * The layers that the nets are made of. Values flow as [batch, channels, height, width]; filters come as
 * TensorFlow.js stores them, [height, width, in, out], or [height, width, channels, 1] for depthwise ones.
 */

/** `same` keeps the size (divided by the stride), padding right and bottom first, as TensorFlow does. */
export type Padding = 'same' | 'valid';

export interface ConvolutionOptions {
  /** @default 1 */
  stride?: number;
  /** @default 'same' */
  padding?: Padding;
}

/** Pixels as they come, [batch, height, width, 3] of 0 to 255, to what a net was trained on: `(x − mean) / divisor`. */
export function normalizePixels(
  graph: OnnxGraph,
  pixels: GraphValue,
  mean: readonly [number, number, number],
  divisor: number,
): GraphValue {
  const floats = graph.node('Cast', [pixels], { to: 1 });
  const planes = graph.node('Transpose', [floats], { perm: [0, 3, 1, 2] });
  const centered = graph.node('Sub', [planes, graph.floats(Float32Array.from(mean), [1, 3, 1, 1])]);
  return graph.node('Div', [centered, graph.floats(Float32Array.of(divisor), [1])]);
}

export function convolution(
  graph: OnnxGraph,
  input: GraphValue,
  filters: GraphWeights,
  bias: GraphWeights,
  { stride = 1, padding = 'same' }: ConvolutionOptions = {},
): GraphValue {
  // To [out, in, height, width].
  const kernel = graph.node('Transpose', [filters], { perm: [3, 2, 0, 1] });
  return graph.node('Conv', [input, kernel, bias], {
    kernel_shape: filters.shape.slice(0, 2),
    strides: [stride, stride],
    auto_pad: autoPad(padding),
  });
}

/** One filter for each channel. */
export function depthwiseConvolution(
  graph: OnnxGraph,
  input: GraphValue,
  filters: GraphWeights,
  bias: GraphWeights | undefined,
  { stride = 1, padding = 'same' }: ConvolutionOptions = {},
): GraphValue {
  // To [channels, 1, height, width].
  const kernel = graph.node('Transpose', [filters], { perm: [2, 3, 0, 1] });
  return graph.node('Conv', bias ? [input, kernel, bias] : [input, kernel], {
    kernel_shape: filters.shape.slice(0, 2),
    strides: [stride, stride],
    auto_pad: autoPad(padding),
    group: filters.shape[2]!,
  });
}

/** Multiplies depthwise filters by a factor for each channel. */
export function scaleDepthwise(graph: OnnxGraph, filters: GraphWeights, factors: GraphWeights): GraphWeights {
  const column = graph.node('Reshape', [factors, graph.integers([-1, 1])]);
  return { ...graph.node('Mul', [filters, column]), shape: filters.shape };
}

export function relu(graph: OnnxGraph, input: GraphValue): GraphValue {
  return graph.node('Relu', [input]);
}

/**
 * As ReLU, but what is below 0 is multiplied by a factor for each channel: `factor · x + (1 − factor) · relu(x)`, each
 * product a depthwise convolution. The runtime then keeps the layout of the convolutions around it; its own PReLU has
 * the numbers put in another order and back, which doubles the time of nets as small as these.
 */
export function prelu(graph: OnnxGraph, input: GraphValue, factors: GraphWeights): GraphValue {
  const shape = [1, 1, factors.shape.at(-1)!, 1];
  const negative = { ...graph.node('Reshape', [factors, graph.integers(shape)]), shape };
  const one = graph.floats(Float32Array.of(1), []);
  const positive = { ...graph.node('Sub', [one, negative]), shape };
  return add(
    graph,
    depthwiseConvolution(graph, relu(graph, input), positive, undefined),
    depthwiseConvolution(graph, input, negative, undefined),
  );
}

export function add(graph: OnnxGraph, a: GraphValue, b: GraphValue): GraphValue {
  return graph.node('Add', [a, b]);
}

export function pool(
  graph: OnnxGraph,
  kind: 'MaxPool' | 'AveragePool',
  input: GraphValue,
  size: number,
  stride: number,
  padding: Padding = 'valid',
): GraphValue {
  return graph.node(kind, [input], {
    kernel_shape: [size, size],
    strides: [stride, stride],
    auto_pad: autoPad(padding),
  });
}

/** Zeros after the last channel, and after the last row and column. */
export function zeroPad(graph: OnnxGraph, input: GraphValue, channels: number, rows: number): GraphValue {
  if (channels === 0 && rows === 0) return input;
  return graph.node('Pad', [input, graph.integers([0, 0, 0, 0, 0, channels, rows, rows])]);
}

function autoPad(padding: Padding): string {
  return padding === 'same' ? 'SAME_UPPER' : 'VALID';
}
