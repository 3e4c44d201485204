// How do I enroll the people in a bucket?   npx tsx examples/enroll-a-bucket.ts my-bucket people/
// with objects people/<name>/*.jpg, in the Region of your AWS settings. First it tells what it would cost.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBucket } from 'rekollect';

const [bucket, prefix = '', go] = process.argv.slice(2);
if (!bucket) throw new Error('Give a bucket, a prefix, and --go to enroll.');

const people = fromBucket({ bucket, prefix });
const collection = new FaceCollection('people', { client: new RekognitionClient({}) });

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
