// How do I enroll a folder of people?   npx tsx examples/enroll-a-folder.ts people/     with people/<name>/*.jpg
import { FaceCollection, fromFolder, fromUserId } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const [folder, directory = '.faces'] = process.argv.slice(2);
if (!folder) throw new Error('Give a folder with a folder of photos for each person.');

// Run it again after adding photos, or after it was interrupted: what is enrolled is not sent again.
const client = new LocalRekognition({ directory });
const people = new FaceCollection('people', { client });
await people.create();

const report = await people.enrollMany(fromFolder(folder), {
  onProgress: ({ people, photos, latest }) =>
    console.log(`${people} people, ${photos} photos, the latest ${fromUserId(latest.userId)}`),
});
for (const { message } of [...report.rejected, ...report.findings]) console.log(`- ${message}`);
for (const { leftOut, reason } of report.leftOut) console.log(`- left out ${leftOut}: ${reason}`);
for (const { userId, error } of report.failed)
  console.log(`- ${fromUserId(userId)} failed: ${error.message}`);
console.log(`${report.associated} photos enrolled, ${report.known} were before`);
await client.close();
