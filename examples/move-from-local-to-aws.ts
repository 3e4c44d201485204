// How do I move to Amazon Rekognition?   npx tsx examples/move-from-local-to-aws.ts ada.jpg party.jpg [--aws]
//
// By changing the client; every other line stays. Neither engine reads the vectors of the other, so the photos are
// enrolled again, and similarities differ a little: look at a few answers side by side before you switch.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { type CommandClient, FaceCollection, fromFile } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [portrait, party, to] = process.argv.slice(2);
if (!portrait || !party) throw new Error('Give a portrait of one person, and a photo of several.');

/** Enrolls everybody, and says who is in the photo. */
async function whoIsThere(client: CommandClient): Promise<string[]> {
  const friends = new FaceCollection('friends', { client });
  await friends.create();
  await friends.enrollUser('ada', [fromFile(portrait!)]);
  // At AWS a user's vector takes seconds to stand for its faces; here it is ready at once.
  await friends.waitForUser('ada');
  const { faces } = await friends.searchPhoto(fromFile(party!), { threshold: 90 });
  return faces.map((face) => (face.status === 'matched' ? face.matches[0].userId : 'somebody else'));
}

const clients = [new LocalRekognition(), ...(to === '--aws' ? [new RekognitionClient({})] : [])];
for (const client of clients) {
  console.log(`${client.constructor.name}: ${await whoIsThere(client)}`);
  client.destroy();
}
