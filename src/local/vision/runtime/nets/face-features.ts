import type { GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { add, convolution, depthwiseConvolution, normalizePixels, pool, relu } from './layers.js';

/** Mean red, green and blue that face-api's nets for aligned faces subtract before they divide by 255. */
export const MEAN_RGB = [122.782, 117.001, 104.298] as const;

/** Depthwise, then pointwise with a bias. */
export function separableConvolution(
  graph: OnnxGraph,
  weights: Weights,
  input: GraphValue,
  prefix: string,
  stride = 1,
): GraphValue {
  const numbers = (name: string) => graph.weights(weights.get(`${prefix}/${name}`));
  const depthwise = depthwiseConvolution(graph, input, numbers('depthwise_filter'), undefined, { stride });
  return convolution(graph, depthwise, numbers('pointwise_filter'), numbers('bias'));
}

/**
 * The body that face-api's landmark and expression nets share: four densely connected blocks.
 *
 * @param pixels [faces, 112, 112, 3] uint8, RGB
 * @returns [faces, 256, 1, 1]
 */
export function faceFeatures(graph: OnnxGraph, weights: Weights, pixels: GraphValue): GraphValue {
  let value = normalizePixels(graph, pixels, MEAN_RGB, 255);
  for (const block of ['dense0', 'dense1', 'dense2', 'dense3'])
    value = denseBlock(graph, weights, value, block);
  return pool(graph, 'AveragePool', value, 7, 2);
}

/** The input of each layer is the sum of the outputs of all before it. */
function denseBlock(graph: OnnxGraph, weights: Weights, input: GraphValue, block: string): GraphValue {
  const first =
    block === 'dense0'
      ? convolution(
          graph,
          input,
          graph.weights(weights.get('dense0/conv0/filters')),
          graph.weights(weights.get('dense0/conv0/bias')),
          { stride: 2 },
        )
      : separableConvolution(graph, weights, input, `${block}/conv0`, 2);
  let sum = relu(graph, first);
  let activation = sum;
  for (const layer of ['conv1', 'conv2', 'conv3']) {
    sum = add(graph, sum, separableConvolution(graph, weights, activation, `${block}/${layer}`));
    activation = relu(graph, sum);
  }
  return activation;
}

/** [faces, in] or [faces, in, 1, 1] times weights of [in, out], plus a bias. */
export function fullyConnected(
  graph: OnnxGraph,
  weights: Weights,
  input: GraphValue,
  prefix: string,
): GraphValue {
  const numbers = (name: string) => graph.weights(weights.get(`${prefix}/${name}`));
  const flat = graph.node('Flatten', [input], { axis: 1 });
  return graph.node('Gemm', [flat, numbers('weights'), numbers('bias')]);
}
