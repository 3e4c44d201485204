// How do I move to Amazon Rekognition?   npx tsx examples/move-from-local-to-aws.ts people/ [.faces]
// with people/<name>/*.jpg, and the directory of the local engine if there is one. Without AWS_REGION another local
// engine stands in for AWS. Run it again after an interruption: it goes on where it was.
//
// Neither engine reads the vectors of the other, so the faces are indexed again from their photos, and similarities
// differ a little: look at a few answers side by side before you switch.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromFolder } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [folder, directory] = process.argv.slice(2);
if (!folder) throw new Error('Give a folder of people, and the directory of the local engine if it has one.');

const local = new LocalRekognition(directory ? { directory } : {});
const here = new FaceCollection('friends', { client: local });
const { created } = await here.create();
if (created) await here.enrollMany(fromFolder(folder));

const aws = process.env.AWS_REGION ? new RekognitionClient({}) : new LocalRekognition();
const there = new FaceCollection('friends', { client: aws });
await there.create();

const plan = await here.planMove(there, fromFolder(folder), { pricePerCall: 0.001 });
console.log(
  `${plan.movable} of ${plan.faces} faces can be moved: ${plan.billedCalls} billed calls, $${plan.price}`,
);

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const move = await here.moveCollection(there, fromFolder(folder), { signal: stop.signal });
for (const { message } of [...move.unmoved, ...move.unmovedUsers]) console.log(`- ${message}`);
for (const [before, now] of move.faceIds) console.log(`${before} is now ${now}`);
console.log(`${move.moved} faces moved, ${move.known} before, ${move.unmoved.length} left behind.`);

local.destroy();
aws.destroy();
