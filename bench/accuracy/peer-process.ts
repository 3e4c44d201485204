import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { readPhoto } from './labelled-photos.js';

/* A child process: answers each path of a photo with the descriptors of its faces, the largest face first. */

/** face-api's memory grows with the photo: 24 megapixels take it almost three gigabytes. */
const LONG_SIDE = 2048;

const require = createRequire(import.meta.url);
const faceApi: typeof import('@vladmandic/face-api') = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
const wasm: typeof import('@tensorflow/tfjs-backend-wasm') = require('@tensorflow/tfjs-backend-wasm');
const tf: typeof import('@tensorflow/tfjs') = require('@tensorflow/tfjs');

async function load(): Promise<void> {
  wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  await tf.setBackend('wasm');
  await tf.ready();
  const models = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  const { ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet } = faceApi.nets;
  await Promise.all(
    [ssdMobilenetv1, faceLandmark68Net, faceRecognitionNet].map((net) => net.loadFromDisk(models)),
  );
}

async function describe(path: string): Promise<Float32Array[]> {
  const { data, info } = await sharp(await readPhoto(path))
    .autoOrient()
    .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const photo = tf.tensor3d(new Uint8Array(data), [info.height, info.width, 3], 'int32');
  const faces = await faceApi
    .detectAllFaces(photo as never)
    .withFaceLandmarks()
    .withFaceDescriptors();
  photo.dispose();
  return faces
    .sort((a, b) => b.detection.box.area - a.detection.box.area)
    .map(({ descriptor }) => descriptor);
}

const loaded = load();
process.on('message', async (path: string) => {
  await loaded;
  process.send?.(await describe(path));
});
