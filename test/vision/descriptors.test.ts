import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { distance } from '../../src/local/distances.js';
import { userVector } from '../../src/local/user-vector.js';
import type { Descriptors } from '../../src/local/vision/embed/descriptors.js';
import type { OnnxDescriptor } from '../../src/local/vision/embed/onnx-descriptor.js';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { OnnxGraph } from '../../src/local/vision/runtime/onnx-graph.js';
import { samplePath } from '../support/sample-photos.js';

/** A net that answers the mean of each colour plane: a face vector of three numbers. */
function meanColorNet(): Uint8Array {
  const graph = new OnnxGraph('mean-color');
  const pixels = graph.input('picture', 'float32', [1, 3, 112, 112]);
  const mean = graph.node('Flatten', [graph.node('GlobalAveragePool', [pixels])], { axis: 1 });
  graph.output(mean, 'vector', 'float32', [1, 3]);
  return graph.toModel();
}

let folder: string;
let ownNet: OnnxDescriptor;
const open: FaceModels[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekollect-'));
  const file = join(folder, 'mean-color.onnx');
  await writeFile(file, meanColorNet());
  ownNet = {
    file,
    version: 'mean-color-1',
    length: 3,
    input: { size: 112, layout: 'NCHW', colors: 'RGB', mean: [0, 0, 0], divisor: 255 },
    alignment: [
      [38.29, 51.7],
      [73.53, 51.5],
      [56.03, 71.74],
      [41.55, 92.37],
      [70.73, 92.2],
    ],
    similarity: [
      { distance: 0.1, similarity: 80 },
      { distance: 1, similarity: 0 },
    ],
  };
});

afterAll(async () => {
  await Promise.all(open.map((models) => models.close()));
  await rm(folder, { recursive: true });
});

async function facesBy(descriptors: Descriptors) {
  const models = new FaceModels({ descriptors, workers: 1 });
  open.push(models);
  const faces = await models.analyze(await readFile(samplePath(2)), { vectors: true, attributes: false });
  return { space: models.space, faces };
}

describe('the descriptors of a face', () => {
  it('are dlib’s and those of faceres, one after the other, and in profile those of faceres alone', async () => {
    const both = await facesBy('dlib+faceres');
    const dlib = await facesBy('dlib');
    expect(both.space.version).not.toBe(dlib.space.version);
    both.faces.forEach(({ detail, vector }, i) => {
      const [first, second] = [vector!.subarray(0, 128), vector!.subarray(128)];
      expect(second).toHaveLength(1024);
      expect(Math.hypot(...second)).toBeCloseTo(1);
      expect([...first]).toEqual(detail.landmarks ? [...dlib.faces[i]!.vector!] : new Array(128).fill(0));
    });
  });

  it('come from an ONNX file of the caller’s own when there is one', async () => {
    const { space, faces } = await facesBy(ownNet);
    expect(space).toMatchObject({ version: 'mean-color-1', parts: [{ length: 3, weight: 1 }] });
    expect(space.similarity(0.1, 1)).toBe(80);
    const [red, green, blue] = faces[0]!.vector!;
    expect(faces[0]!.vector).toHaveLength(3);
    // Skin is redder than green, and greener than blue.
    expect(red! > green! && green! > blue! && blue! > 0.1 && red! < 1).toBe(true);
  });

  it('take colours in the order the net wants, and vectors at length 1 when it wants that', async () => {
    const straight = await facesBy(ownNet);
    const turned = await facesBy({
      ...ownNet,
      input: { ...ownNet.input, colors: 'BGR' },
      scaleToLengthOne: true,
    });
    const [red, green, blue] = straight.faces[0]!.vector!;
    const length = Math.hypot(red!, green!, blue!);
    const expected = [blue! / length, green! / length, red! / length];
    turned.faces[0]!.vector!.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });

  it('have to be as long as was said', async () => {
    await expect(facesBy({ ...ownNet, length: 512 })).rejects.toThrow(InvalidArgumentError);
  });

  it.each<[string, object]>([
    ['file', { file: 'no/such/file.onnx' }],
    ['version', { version: '' }],
    ['length', { length: 0 }],
    ['alignment', { alignment: [[1, 2]] }],
    ['similarity', { similarity: [] }],
    ['similarity', { similarity: [{ distance: 1, similarity: 120 }] }],
  ])('are refused with a wrong %s', (name, wrong) => {
    const make = () => new FaceModels({ descriptors: { ...ownNet, ...wrong } });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(name);
  });

  it('are refused when nobody knows them', () => {
    expect(() => new FaceModels({ descriptors: 'arcface' as 'dlib' })).toThrow(InvalidArgumentError);
  });
});

describe('a part that was not seen', () => {
  const parts = [
    { name: 'first', length: 2, weight: 1 },
    { name: 'second', length: 2, weight: 0.5, weightAlone: 1.2 },
  ];
  const whole = Float32Array.of(3, 4, 1, 0);
  const without = Float32Array.of(0, 0, 1, 2);

  it('leaves the distance to the other parts, whichever of the two lacks it', () => {
    expect(distance(parts, whole, without)).toBeCloseTo(1.2 * 2);
    expect(distance(parts, without, whole)).toBeCloseTo(1.2 * 2);
    expect(distance(parts, without, without)).toBe(0);
    expect(distance(parts, whole, Float32Array.of(0, 0.5, 1, 2))).toBeCloseTo(Math.hypot(3, 3.5) + 0.5 * 2);
  });

  it('does not pull the mean of a user’s other faces towards nothing', () => {
    expect([...userVector([whole, without])]).toEqual([3, 4, 1, 1]);
    expect([...userVector([without, without])]).toEqual([0, 0, 1, 2]);
  });
});
