import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { type OperationName, REQUEST_SHAPES } from '../local/request-shapes.js';
import { CONTENT_TYPE, toEnvelope } from './envelope.js';
import { FrontRefusal } from './front-refusal.js';
import { readBody } from './read-body.js';
import { checkSignature, readClaim, type ServerCredentials } from './signature.js';
import { parseRequest, writeAnswer } from './wire-json.js';

/** Answers operations by their names, as `LocalRekognition` does. */
export interface AnsweringClient {
  answer(operation: string, input: unknown, signal?: AbortSignal): Promise<object>;
}

/** One call, as a log has it: no image, no vector, nothing of what a collection holds. */
export interface AnsweredCall {
  /** When it came, as ISO 8601. */
  time: string;
  /** As the client spelled it; absent where the client named none. */
  operation?: string;
  /** What the client was told as `x-amzn-RequestId`. */
  requestId: string;
  /** From the head of the request to the answer. */
  milliseconds: number;
  /** HTTP status. */
  status: number;
  /** `ok`, or the name of the exception. */
  outcome: string;
  /** What is behind the exception, where it was not told to the client: a failure of S3, or of the server itself. */
  detail?: string;
}

export interface RoutesOptions {
  credentials?: ServerCredentials | undefined;
  cors?: boolean | undefined;
  log?: ((call: AnsweredCall) => void) | undefined;
  /** Whether connections are to be closed after their answer. */
  isClosing: () => boolean;
}

interface Environment {
  Bindings: HttpBindings;
  Variables: { operation?: string; outcome?: string; detail?: string | undefined };
}

/** The service's one route, `POST /`, and `GET /health`. Whatever goes wrong is answered in the service's envelopes. */
export function routes(client: AnsweringClient, { credentials, log, isClosing, ...options }: RoutesOptions) {
  const app = new Hono<Environment>();

  app.get('/health', (c) => c.json({ status: 'ok' }));

  app.use(async (c, next) => {
    const time = new Date().toISOString();
    const start = performance.now();
    const requestId = randomUUID();
    c.header('x-amzn-RequestId', requestId);
    await next();
    if (isClosing()) c.header('Connection', 'close');
    const { operation, outcome = 'ok', detail } = c.var;
    log?.({
      time,
      ...(operation && { operation }),
      requestId,
      milliseconds: Math.round((performance.now() - start) * 10) / 10,
      status: c.res.status,
      outcome,
      ...(detail && { detail }),
    });
  });

  app.use((c, next) => {
    const { headers, httpVersion } = c.env.incoming;
    if (headers.host === undefined && httpVersion !== '1.0')
      throw new FrontRefusal('SerializationException', 'The request names no host.');
    return next();
  });

  if (options.cors) app.use(cors({ allowMethods: ['POST'], exposeHeaders: ['x-amzn-RequestId'] }));
  else
    app.use(async (c, next) => {
      // Only browsers send it. A page on the Web must not search the faces on the machine of whoever looks at it.
      if (c.req.header('origin') !== undefined)
        throw new FrontRefusal('AccessDeniedException', 'This server does not answer web pages.', 403);
      await next();
    });

  app.post('/', async (c) => {
    const headers = c.req.header();
    const operation = nameOf(headers['x-amz-target']);
    if (operation) c.set('operation', operation);

    if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== CONTENT_TYPE)
      throw unknownOperation(`Expected the content type ${CONTENT_TYPE}.`, 404);
    const claim = credentials && readClaim(headers, credentials);
    if (!operation || !isOperation(operation))
      throw unknownOperation(`There is no operation ${operation ?? 'of this X-Amz-Target'} here.`);

    const signal = disconnection(c.env.outgoing);
    try {
      const body = await readBody(c.req.raw);
      if (claim)
        await checkSignature(claim, { method: 'POST', query: c.req.queries(), headers }, body, credentials);
      const answer = await client.answer(operation, parseRequest(operation, body), signal);
      return c.body(writeAnswer(answer), 200, { 'Content-Type': CONTENT_TYPE });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  });

  app.notFound(() => {
    throw unknownOperation('There is only POST / and GET /health.', 404);
  });

  app.onError((error, c) => {
    const { status, type, body } = toEnvelope(error);
    c.set('outcome', type);
    c.set('detail', describe(status === 500 ? error : error.cause));
    return c.body(JSON.stringify(body), status, { 'Content-Type': CONTENT_TYPE });
  });

  return app;
}

/** The operation that the header `X-Amz-Target` names, unless it is nothing that a log should have to show. */
function nameOf(target = ''): string | undefined {
  return /^RekognitionService\.([A-Za-z]{1,64})$/.exec(target)?.[1];
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(REQUEST_SHAPES, name);
}

/** Aborts when the client hangs up before it was answered. */
function disconnection(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished)
      controller.abort(new FrontRefusal('RequestAbortedException', 'The client hung up.'));
  });
  return controller.signal;
}

function describe(error: unknown): string | undefined {
  return error instanceof Error ? `${error.name}: ${error.message}` : undefined;
}

function unknownOperation(message: string, status: 400 | 404 = 400): FrontRefusal {
  return new FrontRefusal('UnknownOperationException', message, status);
}
