// How do I test code that uses Rekollect?   npx tsx --test examples/test-your-service.ts
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces, fail, loseAnswer, ScriptedClient } from 'rekollect/testing';

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

test('is not left half done by a lost answer, and stays closed while Rekognition is out', async () => {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const client = new ScriptedClient(engine, [loseAnswer('AssociateFaces'), fail('SearchUsersByImage')]);
  const family = new FaceCollection('family', { client });
  await family.create();
  const portrait = await vision.photo(['ada']);
  const enroll = () => family.enrollUser('ada', [fromBuffer(portrait)]);

  await assert.rejects(enroll(), { code: 'ECONNRESET' });
  assert.equal((await family.describe()).faceCount, 0);
  await enroll();

  await assert.rejects(isWelcome(family, portrait), { name: 'InternalServerError' });
  assert.equal(await isWelcome(family, portrait), true);
  client.assertCalled('CreateUser', { times: 2, input: { UserId: 'ada' } });
  client.assertScriptDone();
});
