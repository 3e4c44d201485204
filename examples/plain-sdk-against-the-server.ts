// Test code that knows only AWS's SDK.   npx tsx examples/plain-sdk-against-the-server.ts ada.jpg party.jpg
import { readFile } from 'node:fs/promises';
import {
  CreateCollectionCommand,
  IndexFacesCommand,
  RekognitionClient,
  SearchFacesByImageCommand,
} from '@aws-sdk/client-rekognition';
import { serve } from 'rekollect/server';

const [portrait, party] = process.argv.slice(2);
if (!portrait || !party) throw new Error('Give a portrait of one person, and a photo to look for them in.');

const server = await serve({ port: 0 });
console.log(`The server answers at ${server.url}`);

// Your own code needs no change: AWS_ENDPOINT_URL_REKOGNITION in the environment says the same as `endpoint` here.
const rekognition = new RekognitionClient({
  endpoint: server.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
const CollectionId = 'friends';
await rekognition.send(new CreateCollectionCommand({ CollectionId }));
await rekognition.send(
  new IndexFacesCommand({ CollectionId, Image: { Bytes: await readFile(portrait) }, ExternalImageId: 'ada' }),
);
const { FaceMatches = [] } = await rekognition.send(
  new SearchFacesByImageCommand({ CollectionId, Image: { Bytes: await readFile(party) } }),
);
for (const { Face, Similarity } of FaceMatches) console.log(Face?.ExternalImageId, Similarity);
if (FaceMatches.length === 0) console.log('The largest face of the photo is nobody known.');

rekognition.destroy();
await server.close();
