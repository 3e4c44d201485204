import { type GraphValue, OnnxGraph } from '../../src/local/vision/runtime/onnx-graph.js';
import { readModel, storeAsHalves, writeModel } from './onnx-model.js';
import { readTflite, type TfliteOperator } from './tflite.js';

/** Of TensorFlow Lite's enum `BuiltinOperator`. */
const ADD = 0;
const CONVOLUTION = 3;
const DEPTHWISE_CONVOLUTION = 4;
const MULTIPLY = 18;
const RELU = 19;
const RESHAPE = 22;
const SUBTRACT = 41;
const ABSOLUTE = 101;
/** Of its enum `Padding`. */
const SAME = 0;

/** What PReLU is spelled as: `relu(x) + slope / 2 · (x − |x|)`. */
const SPELLED_PRELU = [RELU, ABSOLUTE, SUBTRACT, MULTIPLY, ADD];

const SIZE = 112;
const MEAN = 127.5;
const DIVISOR = 128;

/**
 * MobileFaceNet (Chen et al. 2018) from TensorFlow Lite, for any number of faces at once.
 *
 * `pixels` [faces, 112, 112, 3] uint8 RGB, aligned → `vector` [faces, 192], not normalised.
 */
export function convertMobileFaceNet(bytes: Uint8Array): Uint8Array {
  const { tensors, inputs, outputs, operators } = readTflite(bytes);
  const graph = new OnnxGraph('mobile-face-net');
  const values = new Map<number, GraphValue>();
  const value = (tensor: number) => values.get(tensor)!;
  const numbers = (tensor: number) => new Float32Array(tensors[tensor]!.constant!.slice().buffer);

  const scalar = (number: number) => graph.floats(Float32Array.of(number), []);
  const pixels = graph.input('pixels', 'uint8', ['faces', SIZE, SIZE, 3]);
  const planes = graph.node('Cast', [graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] })], { to: 1 });
  values.set(inputs[0]!, graph.node('Div', [graph.node('Sub', [planes, scalar(MEAN)]), scalar(DIVISOR)]));

  const convolve = ({ kind, inputs: [input, filters, bias], options }: TfliteOperator) => {
    const isDepthwise = kind === DEPTHWISE_CONVOLUTION;
    const { shape } = tensors[filters!]!;
    const [out, height, width, channels] = shape as [number, number, number, number];
    // From [out, height, width, in], or [1, height, width, channels], to [out, in, height, width].
    const planes = isDepthwise ? [channels, 1] : [out, channels];
    const weights = channelsFirst(numbers(filters!), height * width, channels);
    const kernel = graph.floats(weights, [...planes, height, width]);
    const biases = graph.floats(numbers(bias!), tensors[bias!]!.shape);
    return graph.node('Conv', [value(input!), kernel, biases], {
      kernel_shape: [height, width],
      strides: [options.integer(2), options.integer(1)],
      auto_pad: options.byte(0) === SAME ? 'SAME_UPPER' : 'VALID',
      group: isDepthwise ? channels : 1,
    });
  };

  /**
   * `slope · x + (1 − slope) · relu(x)`, each product a depthwise convolution: the runtime keeps the layout of the
   * convolutions around it, and takes a fifth less time than with its own PReLU.
   */
  const prelu = (input: GraphValue, slopes: Float32Array) => {
    const scaled = (by: GraphValue, factors: Float32Array) =>
      graph.node('Conv', [by, graph.floats(factors, [factors.length, 1, 1, 1])], {
        kernel_shape: [1, 1],
        group: factors.length,
      });
    const positive = scaled(
      graph.node('Relu', [input]),
      slopes.map((slope) => 1 - slope),
    );
    return graph.node('Add', [positive, scaled(input, slopes)]);
  };

  for (let at = 0; at < operators.length; at++) {
    const operator = operators[at]!;
    const [output] = operator.outputs;
    if (operator.kind === CONVOLUTION || operator.kind === DEPTHWISE_CONVOLUTION) {
      values.set(output!, convolve(operator));
    } else if (operator.kind === RELU) {
      const spelled = operators.slice(at, at + SPELLED_PRELU.length);
      if (spelled.some(({ kind }, i) => kind !== SPELLED_PRELU[i])) throw new Error('This ReLU is no PReLU.');
      const slopes = numbers(spelled[3]!.inputs[0]!).map((half) => 2 * half);
      values.set(spelled[4]!.outputs[0]!, prelu(value(operator.inputs[0]!), slopes));
      at += SPELLED_PRELU.length - 1;
    } else if (operator.kind === ADD) {
      values.set(output!, graph.node('Add', operator.inputs.map(value)));
    } else if (operator.kind === RESHAPE) {
      values.set(output!, graph.node('Flatten', [value(operator.inputs[0]!)], { axis: 1 }));
    } else throw new Error(`This model has an operator of the unknown kind ${operator.kind}.`);
  }
  graph.output(value(outputs[0]!), 'vector', 'float32', ['faces', 192]);

  const model = readModel(graph.toModel());
  storeAsHalves(model);
  return writeModel(model);
}

/** Filters of so many pixels and channels, pixel by pixel, as the same filters channel by channel. */
function channelsFirst(filters: Float32Array, pixels: number, channels: number): Float32Array {
  return filters.map((_, at) => {
    const [filter, inFilter] = [Math.floor(at / (pixels * channels)), at % (pixels * channels)];
    const [channel, pixel] = [Math.floor(inFilter / pixels), inFilter % pixels];
    return filters[(filter * pixels + pixel) * channels + channel]!;
  });
}
