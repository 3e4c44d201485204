// How do I enroll the people in a bucket?   npx tsx examples/enroll-a-bucket.ts my-bucket people/ [--go]
// with objects people/<name>/*.jpg. It tells what that would cost, and with --go does it.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBucket } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [bucket, prefix = '', go] = process.argv.slice(2);
if (!bucket) throw new Error('Give a bucket, the prefix of its people, and --go to enroll them.');

const people = fromBucket({ bucket, prefix });
const client = process.env.AWS_REGION ? new RekognitionClient({}) : new LocalRekognition();
const collection = new FaceCollection('people', { client });

const plan = await collection.planEnrollment(people, { pricePerCall: 0.001 });
console.log(
  `${plan.people} people with ${plan.photos} photos: ${plan.billedCalls} billed calls, $${plan.price}`,
);
console.log(`It takes ${Math.ceil(plan.seconds / 60)} minutes at the pace that AWS allows.`);

if (go === '--go') {
  await collection.create();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const report = await collection.enrollMany(people, { signal: stop.signal });
  for (const { message } of [...report.rejected, ...report.findings]) console.log(`- ${message}`);
  console.log(
    `${report.associated} photos enrolled, ${report.known} before. ${report.failed.length} people failed.`,
  );
  console.table(report.calls);
}
client.destroy();
