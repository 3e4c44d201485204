import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { toFailure } from '../../src/local/vision/threads/worker-answer.js';
import { faceApi, loadFaceApi, toTensor } from '../face-api.js';

/** What face-api is to do with a photo: find its faces, or all it can. */
export interface PeerJob {
  image: Uint8Array;
  task: 'detect' | 'analyze';
  /** Shrinks the photo to this long side while decoding. Left out, face-api gets all of it. */
  longSide?: number;
}

/* The entry of a worker thread: answers each job with the number of faces. */

const loaded = loadFaceApi([
  'ssdMobilenetv1',
  'faceLandmark68Net',
  'faceRecognitionNet',
  'faceExpressionNet',
  'ageGenderNet',
]);

parentPort?.on('message', async (job: PeerJob) => {
  try {
    await loaded;
    parentPort?.postMessage({ result: await countFaces(job) });
  } catch (error) {
    parentPort?.postMessage({ failure: toFailure(error) });
  }
});

async function countFaces({ image, task, longSide }: PeerJob): Promise<number> {
  const { data, info } = await sharp(image)
    .autoOrient()
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const photo = toTensor(data, info.width, info.height);
  const detection = faceApi.detectAllFaces(photo.pixels);
  const faces = await (task === 'detect'
    ? detection
    : detection.withFaceLandmarks().withFaceExpressions().withAgeAndGender().withFaceDescriptors());
  photo.dispose();
  return faces.length;
}
