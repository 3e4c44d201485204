import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromFolder } from '../../src/index.js';

/** Enrolls a folder of people in a collection of a server, and says when it begins. */
async function enroll([endpoint = '', folder = '', collectionId = '']: readonly string[]): Promise<void> {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new RekognitionClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  process.stdout.write('begins\n');
  await new FaceCollection(collectionId, { client }).enrollMany(fromFolder(folder), { concurrency: 4 });
  client.destroy();
}

void enroll(process.argv.slice(2));
