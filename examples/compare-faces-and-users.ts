// How much better are users than single faces?   npx tsx examples/compare-faces-and-users.ts people/ probes/
//
// Both folders hold <name>/*.jpg. People are enrolled from the first; photos of the second, of the same people and of
// strangers, are searched. A name that is in the second folder only is a stranger.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromFolder } from 'rekollect';
import { evaluate, planEvaluation, recommendThreshold } from 'rekollect/evaluation';
import { LocalRekognition } from 'rekollect/local';

const [people, probes, to] = process.argv.slice(2);
if (!people || !probes)
  throw new Error('Give a folder of people to enroll, and one of photos to search for.');

const client = to === '--aws' ? new RekognitionClient({}) : new LocalRekognition();
const team = new FaceCollection('compare-faces-and-users', { client });
await team.create();
await team.enrollMany(fromFolder(people), { severalFaces: 'largest' });

const plan = await planEvaluation(team, fromFolder(probes));
console.log(
  `${plan.photos} photos, ${plan.billedCalls} billed calls, ${Math.round(plan.seconds)} seconds or more`,
);
const evaluation = await evaluate(team, fromFolder(probes));
for (const { photoName, message } of evaluation.failures) console.log(`- ${photoName}: ${message}`);

for (const by of ['faces', 'users'] as const) {
  const { trueSimilarity, falseSimilarity, atThresholds } = evaluation[by];
  const same = trueSimilarity?.value.toFixed(1);
  console.log(
    `${by}: ${same} to the same person, ${falseSimilarity?.value.toFixed(1)} to the best of others`,
  );
  for (const { threshold, truePositiveIdentificationRate, falsePositiveIdentificationRate } of atThresholds) {
    const shares = [truePositiveIdentificationRate, falsePositiveIdentificationRate].map((rate) =>
      rate
        ? `${(100 * rate.value).toFixed(1)} % (${(100 * rate.from).toFixed(1)} to ${(100 * rate.to).toFixed(1)})`
        : 'none',
    );
    console.log(`  at ${threshold}: ${shares[0]} named rightly, ${shares[1]} of strangers named`);
  }
}
console.log(recommendThreshold(evaluation, { falseNames: 1 / 100 }).message);
await team.delete();
client.destroy();
