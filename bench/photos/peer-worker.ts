import sharp from 'sharp';
import { runJobs } from '../../src/local/vision/threads/worker-loop.js';
import { faceApi, loadFaceApi, toTensor } from '../face-api.js';

/** What face-api is to do with a photo: find its faces, describe them, or all it can. */
export interface PeerJob {
  image: Uint8Array;
  task: 'detect' | 'describe' | 'analyze';
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

runJobs(async (job: PeerJob) => {
  await loaded;
  return countFaces(job);
});

type Detection = ReturnType<typeof faceApi.detectAllFaces>;

const TASKS: Record<PeerJob['task'], (detection: Detection) => Promise<readonly unknown[]>> = {
  detect: async (detection) => await detection,
  describe: async (detection) => await detection.withFaceLandmarks().withFaceDescriptors(),
  analyze: async (detection) =>
    await detection.withFaceLandmarks().withFaceExpressions().withAgeAndGender().withFaceDescriptors(),
};

async function countFaces({ image, task, longSide }: PeerJob): Promise<number> {
  const { data, info } = await sharp(image)
    .autoOrient()
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const photo = toTensor(data, info.width, info.height);
  const faces = await TASKS[task](faceApi.detectAllFaces(photo.pixels));
  photo.dispose();
  return faces.length;
}
