import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tell } from '../hooks.js';
import type { AnsweredCall } from './answered-call.js';
import type { AnsweringClient } from './answering-client.js';
import type { BytesInFlight, HeldBytes } from './bytes-in-flight.js';
import type { Answer } from './connections.js';
import { CONTENT_TYPE, toEnvelope } from './envelope.js';
import { FrameworkException } from './framework-exception.js';
import { checkHostHeader } from './hosts.js';
import type { Metrics } from './metrics.js';
import type { Page, PageFile } from './page.js';
import { discardRest, readBody } from './read-body.js';
import { checkSignature, readClaim, type ServerCredentials } from './signature.js';
import { parseRequest, writeAnswer } from './wire-json.js';

export interface RoutesOptions {
  credentials: ServerCredentials | undefined;
  cors: boolean | undefined;
  /** The names that requests may call the server by, beside those of loopback; any when left out. */
  hosts: ReadonlySet<string> | undefined;
  log: ((call: AnsweredCall) => void) | undefined;
  metrics: Metrics | undefined;
  page: Page | undefined;
  bytesInFlight: BytesInFlight;
}

/** Milliseconds that an answer waits for the rest of its request: a client that still sends would get an error instead. */
const LINGER_MS = 500;

interface Reply {
  status: number;
  /** Empty where there is no body. */
  body: string | Buffer;
}

/**
 * The service's one route, `POST /`, `GET /health` and `/metrics`, and the files of the page. Errors are answered in the
 * service's envelopes.
 */
export function routes(client: AnsweringClient, options: RoutesOptions) {
  const { cors, hosts, log, metrics, page, bytesInFlight } = options;

  /** @param logged takes what becomes known of the call */
  async function reply(
    request: IncomingMessage,
    held: HeldBytes,
    signal: AbortSignal,
    logged: Partial<AnsweredCall>,
  ): Promise<Reply> {
    const { method, headers } = request;
    const { pathname, searchParams } = urlOf(request);
    checkHostHeader(request, hosts);
    if (cors && method === 'OPTIONS') return { status: 204, body: '' };
    const isOfPage = page?.isOrigin(request) === true;
    // Only browsers send it, for a page that must not search faces on its visitor's machine.
    if (!cors && !isOfPage && headers.origin !== undefined)
      throw new FrameworkException('AccessDeniedException', 'This server does not answer web pages.', 403);
    if (method !== 'POST' || pathname !== '/')
      throw unknownOperation('There is only POST / and GET /health.', 404);

    const operation = nameOf(headers['x-amz-target']);
    if (operation) logged.operation = operation;
    if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== CONTENT_TYPE)
      throw unknownOperation(`Expected the content type ${CONTENT_TYPE}.`, 404);
    const credentials = isOfPage ? page.credentials : options.credentials;
    const claim = credentials && readClaim(headers, credentials);
    if (!operation) throw unknownOperation('There is no operation of this X-Amz-Target here.');

    // A function of its own, so that the body can be freed before the answer is there.
    const read = async () => {
      const body = await readBody(request, held.take);
      if (claim) checkSignature(claim, { method, searchParams, headers }, body, credentials);
      return parseRequest(body);
    };
    const answer = await client.answer(operation, await read(), signal);
    return { status: 200, body: writeAnswer(answer) };
  }

  /** What a browser asks for, unless it does so by a name that the server is not to be called by. */
  async function fileOfPage(request: IncomingMessage): Promise<PageFile | undefined> {
    if (!page || !isGet(request)) return undefined;
    try {
      checkHostHeader(request, hosts);
      return await page.read(urlOf(request).pathname);
    } catch {
      // It is answered as any other request.
      return undefined;
    }
  }

  return (request: IncomingMessage, response: ServerResponse): Answer => {
    const time = new Date().toISOString();
    const start = performance.now();
    const requestId = randomUUID();

    return async (signal, isLast) => {
      const send = ({ status, body }: Reply, contentType: string) => {
        response.statusCode = status;
        if (body.length > 0 || status === 200) response.setHeader('Content-Type', contentType);
        // After 413 the rest of the body would follow.
        if (status === 413 || isLast()) response.setHeader('Connection', 'close');
        if (body.length === 0) response.end();
        else {
          response.setHeader('Content-Length', Buffer.byteLength(body));
          const end = () => response.end();
          // Node takes a connection for idle, and closes it with the server, once its answer has ended, sent or not.
          response.write(body, () => {
            if (request.complete) return end();
            request.once('end', end);
            setTimeout(end, LINGER_MS);
          });
        }
        discardRest(request);
      };
      if (isRead(request, '/health'))
        return send({ status: 200, body: '{"status":"ok"}' }, 'application/json');
      if (metrics && isRead(request, '/metrics')) {
        const { text, contentType } = await metrics.read();
        return send({ status: 200, body: text }, contentType);
      }
      const file = await fileOfPage(request);
      if (file) {
        const { compressed, headers } = file;
        const isCompressed = compressed && /\bgzip\b/.test(String(request.headers['accept-encoding']));
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
        return send({ status: 200, body: isCompressed ? compressed : file.body }, headers['Content-Type']!);
      }

      response.setHeader('x-amzn-RequestId', requestId);
      if (cors) allowPages(request, response);
      const held = bytesInFlight.open();
      response.once('close', held.release);
      const logged: Partial<AnsweredCall> = {};
      const answered = await reply(request, held, signal, logged).catch((error: unknown): Reply => {
        const thrown = signal.aborted ? signal.reason : error;
        const { status, type, body } = toEnvelope(thrown);
        const detail = describe(status === 500 ? thrown : thrown.cause);
        Object.assign(logged, { outcome: type, detail });
        return { status, body: JSON.stringify(body) };
      });
      held.add(answered.body.length);
      const { operation, outcome = 'ok', detail } = logged;
      const call = {
        time,
        ...(operation && { operation }),
        requestId,
        milliseconds: Math.round((performance.now() - start) * 10) / 10,
        status: answered.status,
        outcome,
        ...(detail && { detail }),
      };
      metrics?.observe(call);
      tell(log, call);
      send(answered, CONTENT_TYPE);
    };
  };
}

function isRead(request: IncomingMessage, path: string): boolean {
  return request.url === path && isGet(request);
}

function isGet({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** @throws FrameworkException: SerializationException */
function urlOf({ url = '' }: IncomingMessage): URL {
  // Proxies may be sent a whole URL, anybody else only its path.
  const whole = url.startsWith('/') ? `http://localhost${url}` : url;
  if (!URL.canParse(whole))
    throw new FrameworkException('SerializationException', 'The request is malformed.');
  return new URL(whole);
}

/** Lets pages of any site read the answer, and ask beforehand whether they may. */
function allowPages({ method, headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', 'x-amzn-RequestId');
  if (method !== 'OPTIONS') return;
  response.setHeader('Access-Control-Allow-Methods', 'POST');
  response.setHeader('Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '');
}

/** The operation that the header `X-Amz-Target` names, unless it is nothing that a log should have to show. */
function nameOf(target: string | string[] = ''): string | undefined {
  return /^RekognitionService\.([A-Za-z]{1,64})$/.exec(String(target))?.[1];
}

function describe(error: unknown): string | undefined {
  return error instanceof Error ? `${error.name}: ${error.message}` : undefined;
}

function unknownOperation(message: string, status: 400 | 404 = 400): FrameworkException {
  return new FrameworkException('UnknownOperationException', message, status);
}
