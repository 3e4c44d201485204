// Who is in this photo?   npx tsx examples/who-is-in-this-photo.ts ada.jpg party.jpg
import { FaceCollection, fromFile } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [portrait, party] = process.argv.slice(2);
if (!portrait || !party) throw new Error('Give a portrait of one person, and a photo of several.');

const client = new LocalRekognition();
const friends = new FaceCollection('friends', { client });
await friends.create();

const { rejected } = await friends.enrollUser('ada', [fromFile(portrait)]);
for (const { image, reason } of rejected) console.warn(`${image.name} could not be enrolled: ${reason}`);

const { faces } = await friends.searchPhoto(fromFile(party), { threshold: 90 });
for (const found of faces) {
  const name = found.status === 'matched' ? found.matches[0].userId : 'somebody else';
  console.log(`${name}, ${Math.round(found.face.boundingBox.left * 100)} % from the left`);
}
await client.close();
