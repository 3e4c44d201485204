import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import type { Weights } from '../weights.js';
import { convolution, depthwiseConvolution, normalizePixels, scaleDepthwise } from './layers.js';

/** Mean red, green and blue of VGGFace2 that its training subtracted (`MEAN_RGB` of the Caffe models it began from). */
const MEAN_RGB = [123.68, 116.779, 103.939] as const;
/** Depthwise layers of MobileNet v1 that halve the picture. */
const HALVING_LAYERS = [2, 4, 6, 12];

/**
 * HSE's FaceRes descriptor (Savchenko 2019), MobileNet v1 trained to tell the people of VGGFace2 apart. Its heads for
 * age and gender are left out.
 *
 * `pixels` [faces, 224, 224, 3] uint8 RGB, a square around each face → `descriptor` [faces, 1024], not normalised,
 * 0 and up.
 */
export function faceresNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('faceres');
  const pixels = graph.input('pixels', 'uint8', ['faces', 224, 224, 3]);

  const clip = (input: GraphValue) =>
    graph.node('Clip', [input, graph.floats(Float32Array.of(0), []), graph.floats(Float32Array.of(6), [])]);
  const numbers = (name: string) => graph.weights(weights.get(name));
  /** What is left of a batch norm once its factor has been folded into the filters. */
  const offset = (layer: string) => numbers(`${layer}_bn/batchnorm_1/sub`);

  const first = numbers('conv1/convolution/merged_input');
  // The net was trained on blue, green, red; pixels come as red, green, blue.
  const reversed = graph.node('Gather', [first, graph.integers([2, 1, 0])], { axis: 2 });
  let value = clip(
    convolution(
      graph,
      normalizePixels(graph, pixels, MEAN_RGB, 1),
      { ...reversed, shape: first.shape },
      offset('conv1'),
      { stride: 2 },
    ),
  );
  for (let layer = 1; layer <= 13; layer++) {
    const depthwise = `conv_dw_${layer}`;
    const factors = numbers(`${depthwise}_bn/batchnorm_1/mul`);
    const scaled = scaleDepthwise(graph, numbers(`${depthwise}/depthwise_kernel`), factors);
    const stride = HALVING_LAYERS.includes(layer) ? 2 : 1;
    value = clip(depthwiseConvolution(graph, value, scaled, offset(depthwise), { stride }));
    const pointwise = `conv_pw_${layer}`;
    const mixing = numbers(`${pointwise}/convolution/merged_input`);
    value = clip(convolution(graph, value, mixing, offset(pointwise)));
  }
  const mean = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])], { axis: 1 });
  graph.output(mean, 'descriptor', 'float32', ['faces', 1024]);
  return graph.toModel();
}
