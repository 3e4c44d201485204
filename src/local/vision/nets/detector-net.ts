import { type GraphValue, OnnxGraph } from '../onnx-graph.js';
import { type Weights, WeightTensor } from '../weights.js';
import { convolution, depthwiseConvolution, normalizePixels, scaleChannels } from './layers.js';

/** Depthwise layers of MobileNet v1 that halve the picture. */
const HALVING_LAYERS = [2, 4, 6, 12];
/** Added to the variance of a batch norm, as face-api does. */
const BATCH_NORM_EPSILON = 0.0010000000474974513;
/** What the class predictors tell apart: background, face, and a class that was never trained. */
const CLASSES = 3;
const FACE_CLASS = 1;

/**
 * Faces in a photo: a single shot detector (Liu et al. 2016) on MobileNet v1. Fully convolutional, so its input
 * may be of any size; the larger it is, the smaller the faces it sees and the sooner it misses large ones.
 *
 * `pixels` [1, height, width, 3] uint8 RGB → `boxes` [1, anchors, 4], offsets of y, x, height and width from each
 * anchor box, and `scores` [1, anchors], 0 to 1. Anchors run level by level, row by row.
 */
export function detectorNet(weights: Weights): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph('detector');
  const pixels = graph.input('pixels', 'uint8', [1, 'height', 'width', 3]);

  const clip = (input: GraphValue) =>
    graph.node('Clip', [input, graph.floats(Float32Array.of(0), []), graph.floats(Float32Array.of(6), [])]);
  const pointwise = (input: GraphValue, prefix: string, stride = 1) => {
    const filters = weights.get(`${prefix}/weights`);
    return clip(
      convolution(graph, input, filters, weights.get(`${prefix}/convolution_bn_offset`).data, { stride }),
    );
  };

  let value = pointwise(
    normalizePixels(graph, pixels, [127.5, 127.5, 127.5], 127.5),
    'MobilenetV1/Conv2d_0_pointwise',
    2,
  );
  const levels: GraphValue[] = [];
  for (let layer = 1; layer <= 13; layer++) {
    const { filters, bias } = foldBatchNorm(weights, `MobilenetV1/Conv2d_${layer}_depthwise`);
    const stride = HALVING_LAYERS.includes(layer) ? 2 : 1;
    value = clip(depthwiseConvolution(graph, value, filters, bias, { stride }));
    value = pointwise(value, `MobilenetV1/Conv2d_${layer}_pointwise`);
    if (layer === 11) levels.push(value);
  }
  levels.push(value);
  for (const layer of [0, 2, 4, 6]) {
    value = pointwise(value, `Prediction/Conv2d_${layer}_pointwise`);
    value = pointwise(value, `Prediction/Conv2d_${layer + 1}_pointwise`, 2);
    levels.push(value);
  }

  const boxes = levels.map((level, i) => {
    const prefix = `Prediction/BoxPredictor_${i}/BoxEncodingPredictor`;
    const encoded = convolution(
      graph,
      level,
      weights.get(`${prefix}/weights`),
      weights.get(`${prefix}/biases`).data,
    );
    return anchorsLast(graph, encoded, [1, -1, 4]);
  });
  const scores = levels.map((level, i) => {
    const prefix = `Prediction/BoxPredictor_${i}/ClassPredictor`;
    const { filters, bias } = faceClassOnly(
      weights.get(`${prefix}/weights`),
      weights.get(`${prefix}/biases`),
    );
    return anchorsLast(graph, convolution(graph, level, filters, bias), [1, -1]);
  });
  graph.output(graph.node('Concat', boxes, { axis: 1 }), 'boxes', 'float32', [1, 'anchors', 4]);
  const score = graph.node('Sigmoid', [graph.node('Concat', scores, { axis: 1 })]);
  graph.output(score, 'scores', 'float32', [1, 'anchors']);
  return graph.toModel();
}

/** A depthwise convolution followed by a batch norm is a depthwise convolution with other weights and a bias. */
function foldBatchNorm(weights: Weights, prefix: string): { filters: WeightTensor; bias: Float32Array } {
  const filters = weights.get(`${prefix}/depthwise_weights`);
  const gamma = weights.get(`${prefix}/BatchNorm/gamma`).data;
  const beta = weights.get(`${prefix}/BatchNorm/beta`).data;
  const mean = weights.get(`${prefix}/BatchNorm/moving_mean`).data;
  const variance = weights.get(`${prefix}/BatchNorm/moving_variance`).data;
  const factor = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + BATCH_NORM_EPSILON));
  const bias = beta.map((value, channel) => value - mean[channel]! * factor[channel]!);
  return { filters: scaleChannels(filters, factor), bias };
}

/** Keeps of each anchor's classes the one that is read. */
function faceClassOnly(
  filters: WeightTensor,
  biases: WeightTensor,
): { filters: WeightTensor; bias: Float32Array } {
  const [height, width, channelsIn, channelsOut] = filters.shape as [number, number, number, number];
  const ofFaces = (_: number, channel: number) => channel % CLASSES === FACE_CLASS;
  return {
    filters: new WeightTensor([height, width, channelsIn, channelsOut / CLASSES], (numbers) =>
      numbers.set(filters.data.filter(ofFaces)),
    ),
    bias: biases.data.filter(ofFaces),
  };
}

/** [1, anchors · n, height, width] to a list of anchors, row by row. */
function anchorsLast(graph: OnnxGraph, value: GraphValue, shape: number[]): GraphValue {
  return graph.node('Reshape', [
    graph.node('Transpose', [value], { perm: [0, 2, 3, 1] }),
    graph.integers(shape),
  ]);
}
