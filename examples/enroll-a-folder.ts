// How do I enroll a folder of people?   npx tsx examples/enroll-a-folder.ts people/     with people/<name>/*.jpg
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaceCollection, fromFile, fromUserId, toUserId } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Give a folder with a folder of photos for each person.');

// With a `directory`, `new LocalRekognition({ directory: '.faces' })`, the faces outlive this process.
const client = new LocalRekognition();
const people = new FaceCollection('people', { client });
await people.create();

for (const entry of await readdir(folder, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const files = await readdir(join(folder, entry.name));
  if (files.length === 0) continue;
  const { userId, associated, rejected } = await people.enrollUser(
    // Ids of users have no spaces or accents: "Ada Lovelace" becomes `Ada::Lovelace`.
    toUserId(entry.name),
    files.map((file) => fromFile(join(folder, entry.name, file))),
    { imageName: ({ name }) => basename(name) },
  );
  console.log(`${fromUserId(userId)}: ${associated.length} of ${files.length} photos`);
  for (const { image, reason } of rejected) console.log(`  not ${image.name}: ${reason}`);
}

const { userCount, faceCount } = await people.describe();
console.log(`${userCount} people, ${faceCount} faces`);
await client.close();
