import type { OperationName, Shape } from '../local/request-shapes.js';
import { REQUEST_SHAPES } from '../local/request-shapes.js';
import { FrontRefusal } from './front-refusal.js';

/**
 * The longest body, in bytes: two images of 5 MB in base64 have 14 million, and the rest of a request is small.
 */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * The most brackets, braces, colons and commas. No valid request has 10,000, and a body of nothing else would keep
 * the parser busy for seconds.
 */
const MOST_PARTS = 200_000;

/**
 * Reads a body, and stops where it gets too long: the rest is never held in memory.
 *
 * @throws FrontRefusal: RequestEntityTooLargeException
 */
export async function readBody({ body, headers }: Request): Promise<Uint8Array> {
  if (Number(headers.get('content-length')) > MOST_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Cancelling would end the connection before the refusal is sent.
  for await (const chunk of body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * The members of a request, with bytes for the base64 of its blobs. Members that its shape does not know are left
 * out. Everything else is left to the engine's own check.
 *
 * @throws FrontRefusal: SerializationException
 */
export function parseRequest(operation: OperationName, body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  checkParts(bytes);
  const value = parseJson(bytes);
  if (!isObject(value)) throw malformed('Expected a JSON object as the request.');
  return withBytes(REQUEST_SHAPES[operation], value);
}

/** An answer's members as JSON, with times in seconds since 1970. An answer without any is an empty body. */
export function writeAnswer(answer: object): string {
  if (Object.keys(answer).length === 0) return '';
  return JSON.stringify(answer, function (this: Record<string, unknown>, name, value: unknown) {
    // Dates have turned themselves into text by now; the original still hangs on their parent.
    const original = this[name];
    return original instanceof Date ? original.getTime() / 1000 : value;
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // The parser's own words would quote the body.
    throw malformed('The body of the request is not valid JSON.');
  }
}

/** Counts what gives JSON its structure, without parsing it: strings, which are nearly all of it, are skipped. */
function checkParts(json: Buffer): void {
  let parts = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      at = endOfString(json, at);
      if (at === -1) return;
    } else if (STRUCTURE.has(byte) && ++parts > MOST_PARTS) {
      throw malformed('The body of the request has more parts than any valid one.');
    }
  }
}

/** Where the string that begins here has its closing quote, or -1. */
function endOfString(json: Buffer, start: number): number {
  let end = json.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
  return end;
}

function isEscaped(json: Buffer, at: number): boolean {
  let before = at - 1;
  while (json[before] === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const STRUCTURE = new Set(Buffer.from('[{:,'));

function withBytes(shape: Shape, value: unknown): unknown {
  if (shape.type === 'blob') return typeof value === 'string' ? fromBase64(value) : value;
  if (shape.type !== 'structure' || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(shape.members)
      .filter(([name]) => Object.hasOwn(value, name))
      .map(([name, member]) => [name, withBytes(member, value[name])]),
  );
}

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is no base64; writing it again shows whether it did.
  if (bytes.toString('base64') !== text) throw malformed('The bytes of an image are not valid base64.');
  return bytes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const malformed = (message: string) => new FrontRefusal('SerializationException', message);
const tooLarge = () =>
  new FrontRefusal(
    'RequestEntityTooLargeException',
    `HTTP content length exceeded ${MOST_BODY_BYTES} bytes.`,
    413,
  );
