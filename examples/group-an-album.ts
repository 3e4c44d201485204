// Who is on our photos?   npx tsx examples/group-an-album.ts album/     then name the folders of people/ and enroll them
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cropFace, FaceCollection, fromUserId, photosInFolder } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [album, people = 'people'] = process.argv.slice(2);
if (!album) throw new Error('Give a folder of photos, and one to write the people into.');

const client = new LocalRekognition();
const team = new FaceCollection('team', { client });
await team.create();

// People who are nobody of the collection yet, each with their faces and the best one to show.
const { groups, singles, ungrouped } = await team.groupFaces(photosInFolder(album));
for (const [index, { cover, faces }] of groups.entries()) {
  const name = `person-${index + 1}`;
  await mkdir(join(people, name), { recursive: true });
  await writeFile(join(people, name, 'cover.jpg'), await cropFace(cover.photo, cover.face).read());
  // A user takes 100 faces; the most typical ones come first.
  const crops = faces.slice(0, 100).map(({ photo, face }) => cropFace(photo, face, { margin: 0.3 }));
  const { associated } = await team.enrollUser(name, crops, { severalFaces: 'largest' });
  console.log(`${name}: ${faces.length} faces, ${associated.length} enrolled`);
}
console.log(`${singles.length} people were seen once, ${ungrouped.length} faces were too poor`);

for await (const { photo, ...found } of team.searchPhotos(photosInFolder(album))) {
  if (found.status === 'failed') console.warn(`${photo.name}: ${found.error.message}`);
  else {
    const names = found.faces.map((face) =>
      face.status === 'matched' ? fromUserId(face.matches[0].userId) : 'unknown',
    );
    console.log(`${photo.photoName}: ${names.join(', ')}`);
  }
}
await client.close();
