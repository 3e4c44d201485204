import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { add, convolution, depthwiseConvolution, normalizePixels, pool, prelu, zeroPad } from './layers.js';

/** Where the names of the weights begin. */
const PREFIX = 'StatefulPartitionedCall/model_1';
/** Blocks of the trunk that halve the picture, and how many channels each of them adds. */
const HALVING_BLOCKS = new Map([
  [3, 16],
  [6, 32],
  [9, 64],
  [12, 0],
]);
const BLOCKS = 14;

/**
 * MediaPipe's face mesh (Kartynnik et al. 2019, "Real-time Facial Surface Geometry from Monocular Video on Mobile
 * GPUs"): 468 points on the surface of a face.
 *
 * `pixels` [faces, 192, 192, 3] uint8 RGB, an upright square around each face → `points` [faces, 1404], x, y and z of
 * each point in pixels of the input (z grows away from the viewer, and is as long as x), and `presence` [faces, 1],
 * how sure it is that there is a face, 0 to 1. A head for finer contours is left out.
 */
export function meshNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('mesh');
  const pixels = graph.input('pixels', 'uint8', ['faces', 192, 192, 3]);

  const numbers = (name: string) => graph.weights(weights.get(`${PREFIX}/${name}`));
  const activated = (input: GraphValue, layer: number) =>
    prelu(graph, input, numbers(`p_re_lu_${layer}/Neg`));
  const normalized = (input: GraphValue, layer: number, stride = 1) =>
    convolution(
      graph,
      input,
      numbers(`conv2d_${layer}/Conv2D_weights`),
      numbers(`conv2d_${layer}/Conv2D_bn_offset`),
      { stride },
    );
  /** A residual block; the convolutions are numbered apart from each other. */
  const block = (
    input: GraphValue,
    layers: { depthwise: number; pointwise: number; activation: number },
    addedChannels?: number,
  ) => {
    const halves = addedChannels !== undefined;
    const filters = numbers(`depthwise_conv2d_${layers.depthwise}/depthwise/ReadVariableOp`);
    const deep = depthwiseConvolution(graph, input, filters, undefined, { stride: halves ? 2 : 1 });
    const short = halves ? zeroPad(graph, pool(graph, 'MaxPool', input, 2, 2), addedChannels, 0) : input;
    return activated(add(graph, short, normalized(deep, layers.pointwise)), layers.activation);
  };
  const last = (input: GraphValue, layer: number) =>
    graph.node(
      'Flatten',
      [
        convolution(
          graph,
          input,
          numbers(`conv2d_${layer}/Conv2D/ReadVariableOp`),
          numbers(`conv2d_${layer}/BiasAdd/ReadVariableOp`),
          { stride: 3, padding: 'valid' },
        ),
      ],
      { axis: 1 },
    );

  let trunk = activated(normalized(normalizePixels(graph, pixels, [0, 0, 0], 255), 1, 2), 1);
  for (let layer = 1; layer <= BLOCKS; layer++)
    trunk = block(
      trunk,
      { depthwise: layer, pointwise: layer + 1, activation: layer + 1 },
      HALVING_BLOCKS.get(layer),
    );

  let mesh = block(trunk, { depthwise: 15, pointwise: 16, activation: 16 }, 0);
  mesh = block(mesh, { depthwise: 16, pointwise: 17, activation: 17 });
  mesh = block(mesh, { depthwise: 17, pointwise: 18, activation: 18 });
  mesh = activated(normalized(mesh, 19), 19);
  mesh = block(mesh, { depthwise: 18, pointwise: 20, activation: 20 });
  graph.output(last(mesh, 21), 'points', 'float32', ['faces', 1404]);

  let presence = block(trunk, { depthwise: 23, pointwise: 28, activation: 26 }, 0);
  presence = activated(normalized(presence, 29), 27);
  presence = block(presence, { depthwise: 24, pointwise: 30, activation: 28 });
  graph.output(graph.node('Sigmoid', [last(presence, 31)]), 'presence', 'float32', ['faces', 1]);
  return graph.toModel();
}
