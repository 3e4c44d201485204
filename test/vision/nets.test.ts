import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { io, loadGraphModel, type Tensor, tensor4d } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Nets } from '../../src/local/vision/runtime/inference.js';
import { MODELS } from '../../src/local/vision/runtime/models.js';

const nets = new Nets();

/** What TensorFlow.js makes of the graph that comes with the package. */
async function expected(
  file: string,
  pixels: Uint8Array,
  side: number,
  outputs: string[],
): Promise<number[][]> {
  const main = createRequire(import.meta.url).resolve('@vladmandic/human');
  const path = join(dirname(main), '..', file);
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(path, 'utf8'));
  const { buffer, byteOffset, length } = await readFile(path.replace('.json', '.bin'));
  const weightData = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  const weightSpecs = weightsManifest[0].weights;
  const model = await loadGraphModel(io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const input = tensor4d(
    Float32Array.from(pixels, (byte) => byte / 255),
    [1, side, side, 3],
  );
  const results = [model.execute(input, outputs)].flat() as Tensor[];
  return results.map((result) => [...result.dataSync()]);
}

/** Pixels that are no face, and not all alike. */
const pixelsOf = (side: number) =>
  Uint8Array.from(
    { length: side * side * 3 },
    (_, i) => 128 + 60 * Math.sin(i / 97) + 60 * Math.sin(i / 5003),
  );

function furthest(a: ArrayLike<number>, b: readonly number[]): number {
  return Math.max(...b.map((value, i) => Math.abs(value - a[i]!)));
}

describe('a net that is written as ONNX', () => {
  it('answers what TensorFlow.js answers: the mesh', async () => {
    const [side] = MODELS.mesh.input;
    const pixels = pixelsOf(side);
    const [points, presence] = await expected(MODELS.mesh.file, pixels, side, ['Identity_2', 'Identity_1']);
    const outputs = await nets.run('mesh', { data: pixels, width: side, height: side });
    expect(outputs.points).toHaveLength(points!.length);
    expect(furthest(outputs.points!, points!)).toBeLessThan(1e-2);
    expect(furthest(outputs.presence!, presence!)).toBeLessThan(1e-4);
  });

  it('answers what TensorFlow.js answers: the lids of an eye', async () => {
    const [side] = MODELS.eye.input;
    const pixels = pixelsOf(side);
    const [points] = await expected(MODELS.eye.file, pixels, side, ['Identity']);
    const { contour } = await nets.run('eye', { data: pixels, width: side, height: side });
    expect(furthest(contour!, points!.slice(0, contour!.length))).toBeLessThan(1e-2);
  });
});
