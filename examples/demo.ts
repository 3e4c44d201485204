// Who is in this photo? Enrolls people, searches every face of a photo, and draws the names on it.
//
//   npm run demo                          the sample photos, on the local engine
//   npm run demo -- people/ photo.jpg     your own: people/<user>/*.jpg, and a photo of several people
//   npm run demo -- --aws                 the same on Amazon Rekognition, with the credentials of your environment
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { annotate, cropFace, FaceCollection, fromFile, type ImageSource } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const { values, positionals } = parseArgs({
  options: { aws: { type: 'boolean' }, threshold: { type: 'string', default: '90' } },
  allowPositionals: true,
});
const [peopleFolder, photoPath] = positionals;
const samples = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);
const photo = fromFile(photoPath ?? join(samples, 'sample3.jpg'));

const client = values.aws ? new RekognitionClient({}) : new LocalRekognition();
const demo = new FaceCollection(`rekollect-demo-${Date.now()}`, { client });

console.log(`1. Making a collection on ${values.aws ? 'Amazon Rekognition' : 'the local engine'}`);
await demo.create();
try {
  console.log(
    `2. Enrolling people from ${peopleFolder ?? 'sample1.jpg, whose three faces get made-up names'}`,
  );
  for (const [userId, images] of await (peopleFolder ? peopleOf(peopleFolder) : peopleOfSample())) {
    const { associated, rejected } = await demo.enrollUser(userId, images, {
      onProgress: ({ done, total }) => progress(`   ${userId}: image ${done} of ${total}`),
    });
    console.log(`   ${userId}: ${associated.length} of ${images.length} images enrolled`);
    for (const { image, reasons } of rejected)
      console.log(`      not ${basename(image.name)}: ${reasons.join(', ')}`);
    if (associated.length > 0) await demo.waitForUser(userId);
  }

  console.log(`3. Searching every face of ${basename(photo.name)}`);
  const found = await demo.searchPhoto(photo, { threshold: Number(values.threshold) });
  for (const face of found.faces) {
    const at = `at ${Math.round(face.face.boundingBox.left * 100)} % from the left`;
    if (face.status === 'matched') {
      console.log(`   ${face.matches[0].userId} ${at}, similarity ${face.matches[0].similarity.toFixed(2)}`);
    } else {
      console.log(`   ${face.status === 'failed' ? face.error.message : 'unknown'} ${at}`);
    }
  }

  const picture = resolve('demo-output', 'who-is-in-this-photo.jpg');
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, await annotate(photo, found));
  console.log(`4. The names are on the photo: ${picture}`);
} finally {
  await demo.delete();
  client.destroy();
}

/** A line that the next one overwrites; nothing where the output goes to a file. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`${line}\r`);
}

/** A user for every folder of people/, with the images in it. */
async function peopleOf(folder: string): Promise<[string, ImageSource[]][]> {
  const users = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    users.map(async ({ name: userId }): Promise<[string, ImageSource[]]> => {
      const files = await readdir(join(folder, userId));
      return [
        userId,
        files.filter((file) => !file.startsWith('.')).map((file) => fromFile(join(folder, userId, file))),
      ];
    }),
  );
}

/** The faces of sample1.jpg, from left to right, each cut out of it. */
async function peopleOfSample(): Promise<[string, ImageSource[]][]> {
  const group = fromFile(join(samples, 'sample1.jpg'));
  const faces = await demo.detectFaces(group);
  faces.sort((a, b) => a.boundingBox.left - b.boundingBox.left);
  return faces.map((face, index) => [
    ['bella', 'carmen', 'wilma'][index] ?? `guest-${index}`,
    [cropFace(group, face)],
  ]);
}
