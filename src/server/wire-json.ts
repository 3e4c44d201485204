import { type OperationName, REQUEST_SHAPES, type Shape } from '../local/request-shapes.js';
import { FrontRefusal } from './front-refusal.js';
import { hasMoreParts } from './json-parts.js';

/** No valid request has 10,000 parts, and a body of nothing but brackets would keep the parser busy for seconds. */
const MOST_PARTS = 200_000;

/**
 * The members of a request, with bytes for the base64 of its blobs. Members that its shape does not know are left
 * out. Everything else is left to the engine's own check.
 *
 * @throws FrontRefusal: SerializationException
 */
export function parseRequest(operation: OperationName, body: Buffer): unknown {
  if (hasMoreParts(body, MOST_PARTS))
    throw malformed('The body of the request has more parts than any valid one.');
  const value = parseJson(body);
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

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
  } catch {
    // The parser's own words would quote the body.
    throw malformed('The body of the request is not valid JSON.');
  }
}

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
