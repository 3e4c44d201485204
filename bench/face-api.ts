import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/* The peer: `@vladmandic/face-api` on the WebAssembly backend of TensorFlow.js, loaded by its own loaders. */

const require = createRequire(import.meta.url);
export const faceApi: typeof import('@vladmandic/face-api') =
  require('@vladmandic/face-api/dist/face-api.node-wasm.js');
const wasm: typeof import('@tensorflow/tfjs-backend-wasm') = require('@tensorflow/tfjs-backend-wasm');
const tf: typeof import('@tensorflow/tfjs') = require('@tensorflow/tfjs');

type Net = Exclude<keyof typeof faceApi.nets, 'tinyFaceDetector' | 'faceLandmark68TinyNet'>;

/** Starts the backend and loads nets; once for each thread. */
export async function loadFaceApi(nets: readonly Net[]): Promise<void> {
  wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  await tf.setBackend('wasm');
  await tf.ready();
  const models = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  await Promise.all(nets.map((net) => faceApi.nets[net].loadFromDisk(models)));
}

/** Pixels as face-api takes them: `height · width · 3` bytes. To be disposed of. */
export function toTensor(data: Uint8Array, width: number, height: number) {
  const tensor = tf.tensor3d(data, [height, width, 3], 'int32');
  // face-api declares a tensor type of its own.
  return { pixels: tensor as never, dispose: () => tensor.dispose() };
}
