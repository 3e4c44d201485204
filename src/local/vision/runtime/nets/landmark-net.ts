import { OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { faceFeatures, fullyConnected } from './face-features.js';

/**
 * 68 landmarks of a face.
 *
 * `pixels` [faces, 112, 112, 3] uint8 RGB, the face's box letterboxed → `points` [faces, 136]: x, y of each point
 * as ratios of the input's side.
 */
export function landmarkNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('landmarks');
  const pixels = graph.input('pixels', 'uint8', ['faces', 112, 112, 3]);
  const features = faceFeatures(graph, weights, pixels);
  const points = fullyConnected(graph, weights, features, 'fc');
  graph.output(points, 'points', 'float32', ['faces', 136]);
  return graph.toModel();
}
