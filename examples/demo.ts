// Who is in this photo? Enrolls people, searches every face of a photo, and draws the names on it.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  type AnnotateOptions,
  annotate,
  cropFace,
  FaceCollection,
  fromFile,
  fromFolder,
  fromUserId,
  type People,
} from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const USAGE = `
  npm run demo                          the sample photos, on the local engine
  npm run demo -- people/ photo.jpg     your own: people/<name>/*.jpg, and a photo of several people
  npm run demo -- --aws                 the same on Amazon Rekognition, with the credentials of your environment
  npm run demo -- --threshold 99        name only those who are at least so similar, 0 to 100; 90 when left out
`;

const samples = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);
const giveUp = new AbortController();
process.once('SIGINT', () => giveUp.abort(new Error('Given up.')));
const { signal } = giveUp;

await demo().catch((error: Error) => {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});

async function demo(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      aws: { type: 'boolean' },
      help: { type: 'boolean' },
      threshold: { type: 'string', default: '90' },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const [peopleFolder, photoPath] = positionals;
  if (positionals.length === 1 || positionals.length > 2)
    throw new Error(`Give a folder of people and a photo, or neither:\n${USAGE}`);
  const threshold = Number(values.threshold);
  if (!(threshold >= 0 && threshold <= 100))
    throw new Error(`--threshold takes a number from 0 to 100, not ${values.threshold}.`);
  const photo = fromFile(photoPath ?? join(samples, 'sample3.jpg'));
  await photo.read();

  const client = values.aws ? new RekognitionClient({}) : new LocalRekognition();
  const collection = new FaceCollection(`rekollect-demo-${Date.now()}`, { client });

  console.log(`1. Making a collection on ${values.aws ? 'Amazon Rekognition' : 'the local engine'}`);
  await collection.create({ signal });
  try {
    console.log(`2. Enrolling people from ${peopleFolder ?? 'sample1.jpg, under made-up names'}`);
    await enroll(collection, peopleFolder ? fromFolder(peopleFolder) : await peopleOfSample(collection));

    console.log(`3. Searching every face of ${basename(photo.name)}`);
    const found = await collection.searchPhoto(photo, { threshold, signal });
    const labels = found.faces.map((face) => {
      if (face.status === 'failed') return face.error.message;
      if (face.status === 'unsearchable') return `not searched: ${face.reason}`;
      if (face.status !== 'matched') return 'unknown';
      const [{ userId, similarity }] = face.matches;
      return `${fromUserId(userId)} ${similarity.toFixed(1)} %`;
    });
    for (const [index, { face }] of found.faces.entries())
      console.log(`   ${labels[index]}, ${Math.round(face.boundingBox.left * 100)} % from the left`);
    if (labels.length === 0) console.log('   There is no face in it.');

    const label: AnnotateOptions['label'] = (face, index) =>
      face.status === 'failed' ? undefined : labels[index];
    const picture = resolve('demo-output', 'who-is-in-this-photo.jpg');
    await mkdir(dirname(picture), { recursive: true });
    await writeFile(picture, await annotate(photo, found, { label }));
    console.log(`4. The names are on the photo: ${picture}`);
  } finally {
    await collection.delete();
    client.destroy();
  }
}

async function enroll(collection: FaceCollection, people: People): Promise<void> {
  const report = await collection.enrollMany(people, {
    signal,
    onProgress: ({ latest }) => {
      const [photos, taken] =
        latest.status === 'enrolled'
          ? [latest.enrollment.images.length, latest.enrollment.associated.length]
          : [0, 0];
      console.log(`   ${fromUserId(latest.userId)}: ${taken} of ${photos} images enrolled`);
    },
  });
  signal.throwIfAborted();
  if (report.people === 0) throw new Error('The folder holds no folders. Make one for each person.');
  for (const { message } of report.rejected) console.log(`      not ${message}`);
  for (const { leftOut, reason } of report.leftOut) console.log(`      not ${leftOut}: ${reason}`);
  for (const { error } of report.failed) throw error;
  for await (const { userId } of collection.listUsers({ signal }))
    await collection.waitForUser(userId, { signal });
}

/** The faces of sample1.jpg, from left to right, each cut out of it. */
async function peopleOfSample(collection: FaceCollection): Promise<People> {
  const group = fromFile(join(samples, 'sample1.jpg'));
  const faces = await collection.detectFaces(group, { signal });
  faces.sort((a, b) => a.boundingBox.left - b.boundingBox.left);
  return faces.map((face, index) => {
    const name = ['bella', 'carmen', 'wilma'][index] ?? `guest-${index}`;
    return { userId: name, images: [cropFace(group, face)] };
  });
}
