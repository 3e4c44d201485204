import type { GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { WeightTensor } from '../weights.js';

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
  const [height, width, channelsIn, channelsOut] = filters.shape as [number, number, number, number];
  const kernel = new Float32Array(filters.data.length);
  const area = height * width;
  for (let at = 0; at < area; at++)
    for (let from = 0; from < channelsIn; from++)
      for (let to = 0; to < channelsOut; to++)
        kernel[(to * channelsIn + from) * area + at] =
          filters.data[(at * channelsIn + from) * channelsOut + to]!;
  return graph.node(
    'Conv',
    [
      input,
      graph.floats(kernel, [channelsOut, channelsIn, height, width]),
      graph.floats(bias, [channelsOut]),
    ],
    { kernel_shape: [height, width], strides: [stride, stride], auto_pad: autoPad(padding) },
  );
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
  const kernel = new Float32Array(filters.data.length);
  const area = height * width;
  for (let at = 0; at < area; at++)
    for (let channel = 0; channel < channels; channel++)
      kernel[channel * area + at] = filters.data[at * channels + channel]!;
  const inputs = [input, graph.floats(kernel, [channels, 1, height, width])];
  if (bias) inputs.push(graph.floats(bias, [channels]));
  return graph.node('Conv', inputs, {
    kernel_shape: [height, width],
    strides: [stride, stride],
    auto_pad: autoPad(padding),
    group: channels,
  });
}

export function relu(graph: OnnxGraph, input: GraphValue): GraphValue {
  return graph.node('Relu', [input]);
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

/** [batch, in] or [batch, in, 1, 1] times weights of [in, out]. */
export function fullyConnected(
  graph: OnnxGraph,
  input: GraphValue,
  weights: WeightTensor,
  bias?: WeightTensor,
): GraphValue {
  const flat = graph.node('Flatten', [input], { axis: 1 });
  const inputs = [flat, graph.floats(weights.data, weights.shape)];
  if (bias) inputs.push(graph.floats(bias.data, bias.shape));
  return graph.node('Gemm', inputs);
}

function autoPad(padding: Padding): string {
  return padding === 'same' ? 'SAME_UPPER' : 'VALID';
}
