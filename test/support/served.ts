import { connect } from 'node:net';
import { RekognitionClient, type RekognitionClientConfig } from '@aws-sdk/client-rekognition';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { type AnsweredCall, type ServeOptions, serve } from 'rekollect/server';
import { onTestFinished } from 'vitest';
import { declaredFaces } from '../../src/testing/declared-faces.js';

/** What requests have to be signed with. */
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret that is long enough' };

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, where there is something to parse. */
  body: Record<string, unknown> | undefined;
}

/** A server on loopback whose engine sees declared faces, and ways to reach it. It closes with the test. */
export async function aServer({
  engine,
  ...options
}: ServeOptions & { engine?: LocalRekognitionOptions } = {}) {
  const vision = declaredFaces();
  const local = new LocalRekognition({ vision, ...engine });
  const calls: AnsweredCall[] = [];
  const server = await serve({ client: local, port: 0, log: (call) => calls.push(call), ...options });
  onTestFinished(() => server.close());

  /** The real SDK. */
  const sdk = (config: RekognitionClientConfig = {}) => {
    const client = new RekognitionClient({
      endpoint: server.url,
      region: 'eu-central-1',
      credentials,
      maxAttempts: 1,
      ...config,
    });
    onTestFinished(() => client.destroy());
    return client;
  };

  /** A request as any HTTP client makes it. A body that is no text or bytes goes as JSON. */
  const post = async (
    operation: string,
    body: unknown = {},
    headers: Record<string, string> = {},
  ): Promise<WireAnswer> => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `RekognitionService.${operation}`,
        ...headers,
      },
      body: isRaw ? (body as string) : JSON.stringify(body),
    });
    return toWireAnswer(response);
  };

  return { server, vision, local, calls, sdk, post };
}

export async function toWireAnswer(response: Response): Promise<WireAnswer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** Sends these very bytes, and answers everything that came back until the server closed the connection. */
export async function talk(url: string, ...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  for (const piece of pieces) socket.write(piece);
  let answer = '';
  try {
    for await (const chunk of socket) answer += chunk;
  } catch (error) {
    // A server that stops reading resets the connection; what it answered before counts.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
  return answer;
}

/** The head of a request for ListCollections, as raw text. */
export const postHead = (length: string, more = '') =>
  [
    'POST / HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/x-amz-json-1.1',
    'X-Amz-Target: RekognitionService.ListCollections',
    length,
    more,
    '',
  ]
    .filter((line, i, lines) => line !== '' || i === lines.length - 1)
    .join('\r\n')
    .concat('\r\n');

/** A client that answers when a test says so, or rejects when the signal aborts. */
export function aSlowClient() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    answer: (_: string, __: unknown, signal?: AbortSignal) =>
      new Promise<object>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        waiting.push(() => resolve({ CollectionIds: [] }));
      }),
  };
}

/** Matches an error of the framework in front of the service. */
export const framed = (type: string, message: unknown) => ({ __type: type, message });
