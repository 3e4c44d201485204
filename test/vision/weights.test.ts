import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { anchorAt } from '../../src/local/vision/detect/anchors.js';
import { MODELS, type Model } from '../../src/local/vision/runtime/models.js';
import { OnnxGraph } from '../../src/local/vision/runtime/onnx-graph.js';
import { cut, modelFile, readWeights, type WeightTensor } from '../../src/local/vision/runtime/weights.js';
import { OWN_PACKAGE } from '../../src/packages.js';

/** What the runtime takes weights for. */
async function numbersOf(weights: WeightTensor): Promise<number[]> {
  const graph = new OnnxGraph('test');
  graph.output(graph.weights(weights), 'numbers', 'float32', weights.shape);
  const session = await InferenceSession.create(graph.toModel());
  const { numbers } = await session.run({});
  expect(numbers!.dims).toEqual(weights.shape);
  return [...(numbers!.data as Float32Array)];
}

describe('weights', () => {
  it('are cut from bytes and floats that follow each other', async () => {
    const floats = new Uint8Array(Float32Array.of(0.25, -4).buffer);
    const tensors = cut(
      [
        {
          name: 'bytes',
          shape: [1, 3],
          dtype: 'float32',
          quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
        },
        { name: 'floats', shape: [2], dtype: 'float32' },
      ],
      Uint8Array.of(0, 2, 255, ...floats),
    );
    expect(await numbersOf(tensors.get('bytes')!)).toEqual([-1, 0, 126.5]);
    expect(await numbersOf(tensors.get('floats')!)).toEqual([0.25, -4]);
  });

  it('may have 16 bits each', async () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x0000);
    const tensors = cut(
      [{ name: 'halves', shape: [5], dtype: 'float32', quantization: { dtype: 'float16' } }],
      new Uint8Array(halves.buffer),
    );
    // The examples of IEEE 754 binary16: 1, -2, a third, the smallest above 0.
    expect(await numbersOf(tensors.get('halves')!)).toEqual([1, -2, 0.333251953125, 2 ** -24, 0]);
  });

  it.each(Object.entries<Model>(MODELS).filter(([, { build }]) => build))(
    'are in the installed package for the %s',
    async (_, model) => {
      const bytes = model.build!(await readWeights(model.package, model.file));
      expect(bytes.length).toBeGreaterThan(250_000);
    },
  );

  it('name the weights that a file should have had', async () => {
    const weights = await readWeights(MODELS.landmarks.package, MODELS.landmarks.file);
    expect(() => weights.get('dense9/filters')).toThrow('dense9/filters');
  });
});

describe('the nets that are part of this package', () => {
  const open = async (model: Model) =>
    InferenceSession.create(await readFile(modelFile(model.package, model.file)));
  const run = async (model: Model, shape: number[]) => {
    const session = await open(model);
    const size = shape.reduce((product, side) => product * side);
    const pixels = new Tensor('uint8', new Uint8Array(size).fill(128), shape);
    return session.run({ pixels });
  };

  it('are the detector and the face vectors', () => {
    const own = Object.entries(MODELS).filter(([, model]) => model.package === OWN_PACKAGE);
    expect(own.map(([name]) => name)).toEqual(['detector', 'faceVector']);
  });

  it.each([
    [320, 240],
    [100, 260],
  ])('draw a box from each anchor of an input of %i x %i', async (width, height) => {
    const { scores, offsets } = await run(MODELS.detector, [1, height, width, 3]);
    const [, anchors] = scores!.dims;
    expect(scores!.dims).toEqual([1, anchors, 2]);
    expect(offsets!.dims).toEqual([1, anchors, 4]);
    expect(anchorAt(anchors! - 1, { width, height }).side).toBe(256);
    expect(() => anchorAt(anchors!, { width, height })).toThrow(RangeError);
  });

  it('describe as many faces at once as they are given, by 192 numbers each', async () => {
    const { vector } = await run(MODELS.faceVector, [3, ...MODELS.faceVector.input, 3]);
    expect(vector!.dims).toEqual([3, 192]);
    const [first, second] = [vector!.data.slice(0, 192), vector!.data.slice(192, 384)] as Float32Array[];
    expect(first!.every(Number.isFinite)).toBe(true);
    expect(Math.max(...first!.map((number, i) => Math.abs(number - second![i]!)))).toBeLessThan(1e-4);
  });
});
