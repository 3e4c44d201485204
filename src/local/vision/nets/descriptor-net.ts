import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { MEAN_RGB } from './face-features.js';
import {
  add,
  type ConvolutionOptions,
  convolution,
  fullyConnected,
  normalizePixels,
  pool,
  relu,
  scaleChannels,
  zeroPad,
} from './layers.js';

/**
 * dlib's face descriptor, a ResNet of 29 convolutions (dlib's `dnn_face_recognition_ex`): faces of one person lie
 * close to each other, and 0.6 apart is where its author draws the line.
 *
 * `pixels` [faces, 150, 150, 3] uint8 RGB, aligned chips → `descriptor` [faces, 128], not normalised.
 */
export function descriptorNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('descriptor');
  const pixels = graph.input('pixels', 'uint8', ['faces', 150, 150, 3]);

  const layer = (input: GraphValue, name: string, options?: ConvolutionOptions) =>
    scaledConvolution(graph, weights, input, name, options);
  const down = (input: GraphValue, name: string) =>
    relu(graph, layer(input, name, { stride: 2, padding: 'valid' }));

  const residual = (input: GraphValue, name: string) => {
    const first = relu(graph, layer(input, `${name}/conv1`));
    return relu(graph, add(graph, layer(first, `${name}/conv2`), input));
  };
  /**
   * Halves the picture. The short cut is an average pool; whichever side has fewer channels or rows is filled up
   * with zeros.
   */
  const residualDown = (input: GraphValue, name: string, fill: { channels: number; rows: number }) => {
    const second = layer(down(input, `${name}/conv1`), `${name}/conv2`);
    const pooled = pool(graph, 'AveragePool', input, 2, 2);
    return relu(
      graph,
      add(graph, zeroPad(graph, pooled, fill.channels, 0), zeroPad(graph, second, 0, fill.rows)),
    );
  };

  let value = normalizePixels(graph, pixels, MEAN_RGB, 255);
  value = pool(graph, 'MaxPool', down(value, 'conv32_down'), 3, 2);
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) value = residual(value, name);
  value = residualDown(value, 'conv64_down', { channels: 32, rows: 0 });
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) value = residual(value, name);
  value = residualDown(value, 'conv128_down', { channels: 64, rows: 0 });
  for (const name of ['conv128_1', 'conv128_2']) value = residual(value, name);
  value = residualDown(value, 'conv256_down', { channels: 128, rows: 1 });
  for (const name of ['conv256_1', 'conv256_2']) value = residual(value, name);
  value = residualDown(value, 'conv256_down_out', { channels: 0, rows: 1 });

  const mean = graph.node('GlobalAveragePool', [value]);
  graph.output(fullyConnected(graph, mean, weights.get('fc')), 'descriptor', 'float32', ['faces', 128]);
  return graph.toModel();
}

/** A convolution followed by a scale and an offset for each channel, which fold into its weights. */
function scaledConvolution(
  graph: OnnxGraph,
  weights: Weights,
  input: GraphValue,
  name: string,
  options?: ConvolutionOptions,
): GraphValue {
  const filters = weights.get(`${name}/conv/filters`);
  const bias = weights.get(`${name}/conv/bias`).data;
  const scale = weights.get(`${name}/scale/weights`).data;
  const offset = weights.get(`${name}/scale/biases`).data;
  const shifted = bias.map((value, channel) => value * scale[channel]! + offset[channel]!);
  return convolution(graph, input, scaleChannels(filters, scale), shifted, options);
}
