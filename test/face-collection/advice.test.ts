import { RekognitionClient, ResourceNotFoundException } from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { FaceCollection, fromS3 } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aPicture, faceId } from '../support/aws-answers.js';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error) => error,
  );
const describeBy = (client: RekognitionClient) =>
  failureOf(new FaceCollection('team', { client }).describe());

describe('an error that everyone meets first', () => {
  beforeEach(() => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/no/such/file');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/no/such/file');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('says how to set a Region', async () => {
    const error = await describeBy(new RekognitionClient({ credentials }));
    expect(error.message).toBe(
      "Region is missing. Set AWS_REGION, or give the client one: { region: 'eu-west-1' }.",
    );
    // What an uncaught error prints.
    expect(error.stack).toContain(error.message);
  });

  it('says so of S3 too', async () => {
    const photo = fromS3({ bucket: 'photos', key: 'ada.jpg' }, { client: new S3Client({ credentials }) });
    const error = await failureOf(photo.read());
    expect(error.message).toMatch(/^Region is missing\. Set AWS_REGION/);
  });

  it('says how to give credentials, and is of the class it was', async () => {
    const error = await describeBy(new RekognitionClient({ region: 'eu-west-1', maxAttempts: 1 }));
    expect(error.name).toBe('CredentialsProviderError');
    expect(error.message).toMatch(/^Could not load credentials from any providers\. Set AWS_ACCESS_KEY_ID/);
  });

  it('says that nobody listens', async () => {
    const endpoint = 'http://127.0.0.1:9';
    const client = new RekognitionClient({ region: 'eu-west-1', credentials, endpoint, maxAttempts: 1 });
    const error = await describeBy(client);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(error.message).toContain('is the server running');
  });

  it.each([
    ['ENOTFOUND', { code: 'ENOTFOUND' }, 'Check the Region'],
    ['an unknown key', { name: 'UnrecognizedClientException' }, 'AWS does not take these credentials'],
    ['an old token', { name: 'ExpiredTokenException' }, 'AWS does not take these credentials'],
  ])('says once what to do about %s', async (_, members, advice) => {
    const failure = Object.assign(new Error('no'), members);
    const team = new FaceCollection('team', { client: { send: () => Promise.reject(failure) } });
    expect(await failureOf(team.describe())).toBe(failure);
    await failureOf(team.describe());
    expect(failure.message.split(advice)).toHaveLength(2);
  });

  it('names what makes the collection, and the user', async () => {
    const team = new FaceCollection('team', { client: new LocalRekognition({ vision: declaredFaces() }) });
    const error = await failureOf(team.searchUsers(await aPicture(1)));
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error.message).toBe('Collection:team not found! create() makes the collection "team".');
    await team.create();
    const nobody = await failureOf(team.associate('ada', [faceId(1)]));
    expect(nobody.message).toContain('createUser() the user "ada".');
  });

  it('is left alone when it cannot be changed, or is of another kind', async () => {
    for (const thrown of [
      Object.freeze(new Error('Region is missing')),
      'Region is missing',
      new Error('no'),
    ]) {
      const team = new FaceCollection('team', { client: { send: () => Promise.reject(thrown) } });
      expect(await failureOf(team.describe())).toBe(thrown);
    }
  });
});
