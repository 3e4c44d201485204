import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { add, convolution, depthwiseConvolution, normalizePixels, pool, prelu, zeroPad } from './layers.js';

/** Where the names of the weights begin. */
const PREFIX = 'StatefulPartitionedCall/model';
/** Blocks that halve the picture, and how many channels each of them adds. */
const HALVING_BLOCKS = new Map([
  [4, 64],
  [9, 0],
  [12, 0],
  [15, 0],
]);
const BLOCKS = 18;

/**
 * The eye net of MediaPipe Iris (Ablavatski et al. 2020, "Real-time Pupil Tracking from Monocular Video for Digital
 * Puppetry"): the lids and brow of one eye. Its head for the iris is left out.
 *
 * `pixels` [eyes, 64, 64, 3] uint8 RGB, an upright square around each eye → `contour` [eyes, 213], x, y and z of 71
 * points in pixels of the input: 0 to 8 along the lower lid from corner to corner, 9 to 15 along the upper one, then
 * lines farther out and the brow.
 */
export function eyeNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('eye');
  const pixels = graph.input('pixels', 'uint8', ['eyes', 64, 64, 3]);

  const numbers = (name: string) => graph.weights(weights.get(name));
  const activated = (input: GraphValue, layer: number) =>
    prelu(graph, input, numbers(`${PREFIX}/p_re_lu${suffix(layer)}/Neg`));
  const normalized = (input: GraphValue, layer: number, stride = 1) =>
    convolution(
      graph,
      input,
      numbers(`${PREFIX}/conv2d${suffix(layer)}/Conv2D_weights`),
      numbers(`${PREFIX}/conv2d${suffix(layer)}/Conv2D_bn_offset`),
      { stride },
    );
  const block = (input: GraphValue, number: number) => {
    const addedChannels = HALVING_BLOCKS.get(number);
    const halves = addedChannels !== undefined;
    const narrow = activated(normalized(input, 2 * number + 1, halves ? 2 : 1), 2 * number + 1);
    const deep = depthwiseConvolution(graph, narrow, numbers(depthwiseName(number)), undefined);
    const short = halves ? zeroPad(graph, pool(graph, 'MaxPool', input, 2, 2), addedChannels, 0) : input;
    return activated(add(graph, short, normalized(deep, 2 * number + 2)), 2 * number + 2);
  };

  let value = activated(normalized(normalizePixels(graph, pixels, [0, 0, 0], 255), 0, 2), 0);
  for (let number = 0; number < BLOCKS; number++) value = block(value, number);
  const contour = convolution(graph, value, numbers('unknown_344'), numbers('unknown_345'), {
    padding: 'valid',
  });
  graph.output(graph.node('Flatten', [contour], { axis: 1 }), 'contour', 'float32', ['eyes', 213]);
  return graph.toModel();
}

/** The first layer of a kind has no number in its name. */
function suffix(layer: number): string {
  return layer === 0 ? '' : `_${layer}`;
}

/** The names of the depthwise filters were lost; their numbers go on by twice as much where the net has two branches. */
function depthwiseName(block: number): string {
  return `unknown_${block < 10 ? 12 + 13 * block : 149 + 26 * (block - 10)}`;
}
