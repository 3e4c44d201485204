import sharp from 'sharp';
import { faceApi, loadFaceApi, toTensor } from '../face-api.js';
import { readPhoto } from './labelled-photos.js';

/* A child process: answers each path of a photo with the descriptors of its faces, the largest face first. */

/** face-api's memory grows with the photo: 24 megapixels take it almost three gigabytes. */
const LONG_SIDE = 2048;

async function describe(path: string): Promise<Float32Array[]> {
  const { data, info } = await sharp(await readPhoto(path))
    .autoOrient()
    .resize({ width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const photo = toTensor(data, info.width, info.height);
  const faces = await faceApi.detectAllFaces(photo.pixels).withFaceLandmarks().withFaceDescriptors();
  photo.dispose();
  return faces
    .sort((a, b) => b.detection.box.area - a.detection.box.area)
    .map(({ descriptor }) => descriptor);
}

const loaded = loadFaceApi(['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet']);
process.on('message', async (path: string) => {
  await loaded;
  process.send?.(await describe(path));
});
