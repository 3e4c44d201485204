import { DetectFacesCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import type { jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { RekognitionClient as OldestRekognitionClient } from 'aws-sdk-floor';
import { FaceCollection, fromS3 } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, expect, it, vi } from 'vitest';
import { aPicture } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
aws.on(DetectFacesCommand).resolves({ FaceDetails: [] });
const detect = async (client: Client) =>
  new FaceCollection('team', { client }).detectFaces(await aPicture(1));
type Client = ConstructorParameters<typeof FaceCollection>[1]['client'];

it.each<[string, Client]>([
  ['an object that answers', { send: async () => ({ FaceDetails: [] }) }],
  [
    'one that takes options',
    { send: async (_: object, given?: { abortSignal?: AbortSignal }) => ({ ...given }) },
  ],
  ['one that knows one command', { send: async ({ input }: DetectFacesCommand) => ({ input }) }],
  ['one that does not wait', { send: () => ({ FaceDetails: [] }) }],
  ['a function of Vitest', { send: vi.fn().mockResolvedValue({ FaceDetails: [] }) }],
  ['a mock of the SDK', aws],
  ['a client that is mocked', new RekognitionClient({ region: 'eu-west-1' })],
])('takes as a client %s', async (_, client) => {
  expect(await detect(client)).toEqual([]);
});

it('takes what is no client only against the compiler, and refuses it then', async () => {
  // @ts-expect-error There is no `send`.
  await expect(detect({})).rejects.toThrow('options.client must be');
  // @ts-expect-error `send` is no function.
  await expect(detect({ send: 3 })).rejects.toThrow('options.client must be');
  // @ts-expect-error It sends something else than commands.
  const ofTexts: Client = { send: async (_text: string) => ({}) };
  expect(ofTexts).toBeDefined();
});

it.each<[string, Client]>([
  ['the local engine', new LocalRekognition()],
  ['the oldest SDK', new OldestRekognitionClient({ region: 'eu-west-1' })],
  ['a function of Jest', { send: vi.fn() as unknown as ReturnType<typeof jest.fn> }],
])('takes %s', (_, client) => {
  expect(new FaceCollection('team', { client }).collectionId).toBe('team');
});

it('takes any fake of an S3 client too', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const send: unknown = vi.fn().mockResolvedValue({ Body: { transformToByteArray: async () => bytes } });
  const client = { send: send as ReturnType<typeof jest.fn> };
  expect(await fromS3({ bucket: 'people', key: 'ada.jpg' }, { client }).read()).toBe(bytes);
});
