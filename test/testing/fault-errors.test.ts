import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListUsersCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { type ErrorName, fail, ScriptedClient } from 'rekollect/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

let server: Server;
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const command = new ListUsersCommand({ CollectionId: 'team' });

/** What there is to see of an error that does not differ from call to call. */
async function thrownBy(client: { send(command: ListUsersCommand): unknown }) {
  const error = await Promise.resolve(client.send(command)).then(
    () => expect.fail('It was answered.'),
    (error) => error,
  );
  const { name, code, syscall, $fault, $metadata } = error;
  const { attempts, httpStatusCode } = $metadata;
  return { class: error.constructor.name, name, code, syscall, $fault, attempts, httpStatusCode };
}

it.each<[ErrorName, number]>([
  ['ECONNRESET', 0],
  ['InternalServerError', 500],
  ['ServiceUnavailableException', 503],
  ['AccessDeniedException', 400],
  ['ValidationException', 400],
])('%s is scripted as the SDK throws it', async (name, status) => {
  answer = (response) => {
    if (status === 0) response.socket!.resetAndDestroy();
    else response.writeHead(status).end(JSON.stringify({ __type: name, Message: name }));
  };
  const { port } = server.address() as AddressInfo;
  const sdk = new RekognitionClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const scripted = new ScriptedClient({ send: async () => ({}) }, [fail('ListUsers', { error: name })]);
  expect(await thrownBy(scripted)).toEqual(await thrownBy(sdk));
  sdk.destroy();
});
