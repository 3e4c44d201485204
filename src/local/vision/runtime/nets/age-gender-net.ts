import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { fullyConnected, MEAN_RGB, separableConvolution } from './face-features.js';
import { add, convolution, normalizePixels, pool, relu } from './layers.js';

/**
 * Age and gender of a face: a small Xception with two blocks in the middle.
 *
 * `pixels` [faces, 112, 112, 3] uint8 RGB → `age` [faces, 1] in years and `gender` [faces, 2], the probabilities
 * of male and female.
 */
export function ageGenderNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('age-gender');
  const pixels = graph.input('pixels', 'uint8', ['faces', 112, 112, 3]);

  const numbers = (name: string) => graph.weights(weights.get(name));
  const plainConvolution = (input: GraphValue, name: string) =>
    convolution(graph, input, numbers(`${name}/filters`), numbers(`${name}/bias`), { stride: 2 });
  const separable = (input: GraphValue, name: string) => separableConvolution(graph, weights, input, name);

  const reduction = (input: GraphValue, activated: GraphValue, name: string) => {
    const first = separable(activated, `${name}/separable_conv0`);
    const second = separable(relu(graph, first), `${name}/separable_conv1`);
    const halved = pool(graph, 'MaxPool', second, 3, 2, 'same');
    return add(graph, halved, plainConvolution(input, `${name}/expansion_conv`));
  };
  const middle = (input: GraphValue, name: string) => {
    let value = input;
    for (const layer of ['separable_conv0', 'separable_conv1', 'separable_conv2'])
      value = separable(relu(graph, value), `${name}/${layer}`);
    return add(graph, value, input);
  };

  let value = relu(
    graph,
    plainConvolution(normalizePixels(graph, pixels, MEAN_RGB, 255), 'entry_flow/conv_in'),
  );
  value = reduction(value, value, 'entry_flow/reduction_block_0');
  value = reduction(value, relu(graph, value), 'entry_flow/reduction_block_1');
  value = middle(value, 'middle_flow/main_block_0');
  value = middle(value, 'middle_flow/main_block_1');
  value = reduction(value, relu(graph, value), 'exit_flow/reduction_block');
  value = relu(graph, separable(value, 'exit_flow/separable_conv'));
  const features = pool(graph, 'AveragePool', value, 7, 2);

  const age = fullyConnected(graph, weights, features, 'fc/age');
  const gender = fullyConnected(graph, weights, features, 'fc/gender');
  graph.output(age, 'age', 'float32', ['faces', 1]);
  graph.output(graph.node('Softmax', [gender], { axis: 1 }), 'gender', 'float32', ['faces', 2]);
  return graph.toModel();
}
