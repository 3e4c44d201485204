import type { GraphValue, OnnxGraph } from '../onnx-graph.js';
import { WeightTensor } from '../weights.js';

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
  filters: WeightTensor,
  bias: Float32Array,
  { stride = 1, padding = 'same' }: ConvolutionOptions = {},
): GraphValue {
  const [height, width, , channelsOut] = filters.shape as [number, number, number, number];
  // To [out, in, height, width]. The runtime does it once, when it loads the net, and faster than we would.
  const kernel = graph.node('Transpose', [graph.weights(filters)], { perm: [3, 2, 0, 1] });
  return graph.node('Conv', [input, kernel, graph.floats(bias, [channelsOut])], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    auto_pad: autoPad(padding),
  });
}

/** One filter for each channel. */
export function depthwiseConvolution(
  graph: OnnxGraph,
  input: GraphValue,
  filters: WeightTensor,
  bias: Float32Array | undefined,
  { stride = 1, padding = 'same' }: ConvolutionOptions = {},
): GraphValue {
  const [height, width, channels] = filters.shape as [number, number, number, number];
  const kernel = graph.node('Transpose', [graph.weights(filters)], { perm: [2, 3, 0, 1] });
  const inputs = bias ? [input, kernel, graph.floats(bias, [channels])] : [input, kernel];
  return graph.node('Conv', inputs, {
    kernel_shape: [height, width],
    strides: [stride, stride],
    auto_pad: autoPad(padding),
    group: channels,
  });
}

/** Multiplies weights whose last axis is the channel by a factor for each channel. */
export function scaleChannels(weights: WeightTensor, factors: Float32Array): WeightTensor {
  return new WeightTensor(weights.shape, (numbers) => {
    weights.unpackInto(numbers);
    for (let start = 0; start < numbers.length; start += factors.length)
      for (let channel = 0; channel < factors.length; channel++)
        numbers[start + channel] = numbers[start + channel]! * factors[channel]!;
  });
}

export function relu(graph: OnnxGraph, input: GraphValue): GraphValue {
  return graph.node('Relu', [input]);
}

/**
 * As ReLU, but what is below 0 is multiplied by a factor for each channel: `factor · x + (1 − factor) · relu(x)`, each
 * product a depthwise convolution. The runtime then keeps the layout of the convolutions around it; its own PReLU has
 * the numbers put in another order and back, which doubles the time of nets as small as these.
 */
export function prelu(graph: OnnxGraph, input: GraphValue, factors: Float32Array): GraphValue {
  const scaled = (value: GraphValue, by: Float32Array) =>
    depthwiseConvolution(graph, value, filtersOf(by), undefined);
  const positive = scaled(
    relu(graph, input),
    factors.map((factor) => 1 - factor),
  );
  return add(graph, positive, scaled(input, factors));
}

/** Depthwise filters of one pixel. */
function filtersOf(factors: Float32Array): WeightTensor {
  return new WeightTensor([1, 1, factors.length, 1], (numbers) => numbers.set(factors));
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

/** [batch, in] or [batch, in, 1, 1] times weights of [in, out]. */
export function fullyConnected(
  graph: OnnxGraph,
  input: GraphValue,
  weights: WeightTensor,
  bias?: WeightTensor,
): GraphValue {
  const flat = graph.node('Flatten', [input], { axis: 1 });
  const inputs = [flat, graph.weights(weights)];
  if (bias) inputs.push(graph.weights(bias));
  return graph.node('Gemm', inputs);
}

function autoPad(padding: Padding): string {
  return padding === 'same' ? 'SAME_UPPER' : 'VALID';
}
