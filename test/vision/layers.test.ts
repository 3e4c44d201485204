import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  convolution,
  depthwiseConvolution,
  normalizePixels,
  pool,
  prelu,
  scaleDepthwise,
} from '../../src/local/vision/runtime/nets/layers.js';
import { type GraphValue, OnnxGraph } from '../../src/local/vision/runtime/onnx-graph.js';

/** Runs a graph of one float input, [1, channels, height, width], and gives back its output and shape. */
async function run(
  shape: number[],
  values: number[],
  build: (graph: OnnxGraph, input: GraphValue) => GraphValue,
) {
  const graph = new OnnxGraph('test');
  const input = graph.input('input', 'float32', shape);
  const rank = shape.map((_, i) => `d${i}`);
  const output = build(graph, input);
  graph.output(output, 'output', 'float32', shape.length === 2 ? ['n', 'c'] : rank);
  const session = await InferenceSession.create(graph.toModel());
  const result = await session.run({ input: new Tensor('float32', Float32Array.from(values), shape) });
  return { values: [...(result.output!.data as Float32Array)], shape: [...result.output!.dims] };
}

const filters = (graph: OnnxGraph, shape: number[], numbers: number[]) =>
  graph.floats(Float32Array.from(numbers), shape);
const bias = (graph: OnnxGraph, ...numbers: number[]) => filters(graph, [numbers.length], numbers);

describe('layers', () => {
  it('convolves with filters in the order height, width, in, out', async () => {
    // Two channels in: 1 2 3 4 and 10 20 30 40. One output takes the first channel, the other a tenth of the second.
    const output = await run([1, 2, 2, 2], [1, 2, 3, 4, 10, 20, 30, 40], (graph, input) =>
      convolution(graph, input, filters(graph, [1, 1, 2, 2], [1, 0, 0, 0.1]), bias(graph, 0, 100)),
    );
    expect(output).toEqual({ shape: [1, 2, 2, 2], values: [1, 2, 3, 4, 101, 102, 103, 104] });
  });

  it('pads to the right and at the bottom first when it halves an even size', async () => {
    // Taking the lower right of a 3 x 3 window tells where windows start: at 0 and 2, so they end at 2 and outside.
    const sixteen = Array.from({ length: 16 }, (_, i) => i + 1);
    const output = await run([1, 1, 4, 4], sixteen, (graph, input) =>
      convolution(graph, input, filters(graph, [3, 3, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0, 1]), bias(graph, 0), {
        stride: 2,
      }),
    );
    expect(output).toEqual({ shape: [1, 1, 2, 2], values: [11, 0, 0, 0] });
  });

  it('leaves out windows that do not fit when the padding is valid', async () => {
    const output = await run([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], (graph, input) =>
      convolution(graph, input, filters(graph, [2, 2, 1, 1], [1, 1, 1, 1]), bias(graph, 0), {
        stride: 2,
        padding: 'valid',
      }),
    );
    expect(output).toEqual({ shape: [1, 1, 1, 1], values: [12] });
  });

  it('gives each channel a filter of its own when it convolves depthwise', async () => {
    const output = await run([1, 2, 1, 2], [1, 2, 10, 20], (graph, input) =>
      depthwiseConvolution(graph, input, filters(graph, [1, 1, 2, 1], [2, 3]), bias(graph, 0, 1)),
    );
    expect(output.values).toEqual([2, 4, 31, 61]);
  });

  it('scales the filters of each channel', async () => {
    const output = await run([1, 2, 1, 2], [1, 2, 10, 20], (graph, input) => {
      const scaled = scaleDepthwise(graph, filters(graph, [1, 1, 2, 1], [2, 3]), bias(graph, 10, 0.5));
      return depthwiseConvolution(graph, input, scaled, undefined);
    });
    expect(output.values).toEqual([20, 40, 15, 30]);
  });

  it('multiplies what is below 0 by a factor for each channel', async () => {
    const output = await run([1, 2, 1, 2], [1, -2, -10, 20], (graph, input) =>
      prelu(graph, input, filters(graph, [1, 1, 2], [0.5, -3])),
    );
    expect(output.values).toEqual([1, -1, 30, 20]);
  });

  it('pools the largest and the mean of a window', async () => {
    const largest = await run([1, 1, 2, 2], [1, 2, 3, 6], (graph, input) =>
      pool(graph, 'MaxPool', input, 2, 2),
    );
    const mean = await run([1, 1, 2, 2], [1, 2, 3, 6], (graph, input) =>
      pool(graph, 'AveragePool', input, 2, 2),
    );
    expect([largest.values, mean.values]).toEqual([[6], [3]]);
  });

  it('turns pixels into planes, less their mean, divided', async () => {
    const graph = new OnnxGraph('test');
    const pixels = graph.input('pixels', 'uint8', [1, 1, 2, 3]);
    graph.output(normalizePixels(graph, pixels, [10, 20, 30], 2), 'planes', 'float32', [1, 3, 1, 2]);
    const session = await InferenceSession.create(graph.toModel());
    const { planes } = await session.run({
      pixels: new Tensor('uint8', Uint8Array.of(10, 20, 30, 20, 40, 255), [1, 1, 2, 3]),
    });
    expect([...(planes!.data as Float32Array)]).toEqual([0, 5, 0, 10, 0, 112.5]);
  });
});
