import { OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { faceFeatures, fullyConnected } from './face-features.js';

/**
 * The expression of a face.
 *
 * `pixels` [faces, 112, 112, 3] uint8 RGB → `probabilities` [faces, 7], summing to 1: neutral, happy, sad, angry,
 * fearful, disgusted, surprised.
 */
export function expressionNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('expression');
  const pixels = graph.input('pixels', 'uint8', ['faces', 112, 112, 3]);
  const features = faceFeatures(graph, weights, pixels);
  const logits = fullyConnected(graph, weights, features, 'fc');
  graph.output(graph.node('Softmax', [logits], { axis: 1 }), 'probabilities', 'float32', ['faces', 7]);
  return graph.toModel();
}
