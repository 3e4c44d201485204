// How do I test code that uses Rekollect?   npx tsx --test examples/test-your-service.ts
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RekognitionClient, SearchUsersByImageCommand } from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';

/** The service: opens the door to people it knows. */
async function isWelcome(family: FaceCollection, picture: Uint8Array): Promise<boolean> {
  const { status } = await family.searchUsers(fromBuffer(picture), { threshold: 99 });
  return status === 'matched';
}

test('opens for the family and for nobody else', async () => {
  // The local engine as it is, with faces that you declare in place of models: nothing to install, and fast.
  const vision = declaredFaces();
  const family = new FaceCollection('family', { client: new LocalRekognition({ vision }) });
  await family.create();
  await family.enrollUser('ada', [fromBuffer(await vision.photo([{ person: 'ada' }]))]);

  assert.equal(await isWelcome(family, await vision.photo([{ person: 'ada', yaw: 20 }])), true);
  assert.equal(await isWelcome(family, await vision.photo([{ person: 'a burglar' }])), false);
  assert.equal(await isWelcome(family, await vision.photo([])), false);
});

test('stays closed when Rekognition does not answer', async () => {
  // For what only AWS does, mock its client.
  const aws = mockClient(RekognitionClient);
  aws.on(SearchUsersByImageCommand).rejects(new Error('Rate exceeded'));
  const client = new RekognitionClient({ region: 'eu-west-1' });
  const picture = await declaredFaces().photo([]);

  await assert.rejects(isWelcome(new FaceCollection('family', { client }), picture), /Rate exceeded/);
});
