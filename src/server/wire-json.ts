import { FrameworkException } from './framework-exception.js';
import { hasMoreParts } from './json-parts.js';

/** No valid request has 10,000 parts, and a body of nothing but brackets would keep the parser busy for seconds. */
const MOST_PARTS = 200_000;

/** The members of requests that hold an image, whose `Bytes` are the only blobs of the operations answered here. */
const IMAGES = ['Image', 'SourceImage', 'TargetImage'];

/**
 * The members of a request, with bytes for the base64 of its images. Everything else is left to the engine's own check.
 *
 * @throws FrameworkException: SerializationException
 */
export function parseRequest(body: Buffer): unknown {
  if (hasMoreParts(body, MOST_PARTS))
    throw malformed('The body of the request has more parts than any valid one.');
  const request = parseJson(body);
  if (!isObject(request)) throw malformed('Expected a JSON object as the request.');
  for (const image of IMAGES.map((name) => request[name]))
    if (isObject(image) && typeof image.Bytes === 'string') image.Bytes = fromBase64(image.Bytes);
  return request;
}

/** What the model calls integers, among all the numbers of all answers. */
const INTEGERS: ReadonlySet<string> = new Set(['StatusCode', 'FaceCount', 'UserCount', 'Low', 'High']);

/** An answer's members as JSON, with times in seconds since 1970. An answer without any is an empty body. */
export function writeAnswer(answer: object): string {
  return Object.keys(answer).length === 0 ? '' : toJson(answer);
}

/** @param name of the member that has this value */
function toJson(value: unknown, name = ''): string {
  if (value instanceof Date) return writeFloat(value.getTime() / 1000);
  if (typeof value === 'number') return INTEGERS.has(name) ? String(value) : writeFloat(value);
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item)).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${toJson(member, key)}`).join()}}`;
}

/**
 * The service writes floats as such even where they are whole (`"Similarity": 100.0` in the examples of the AWS CLI),
 * and languages that tell the two apart, such as Python, read `100` as an integer.
 */
function writeFloat(value: number): string {
  return Number.isSafeInteger(value) ? `${value}.0` : JSON.stringify(value);
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
  } catch {
    // The parser's own words would quote the body.
    throw malformed('The body of the request is not valid JSON.');
  }
}

function fromBase64(text: string): Uint8Array {
  // Node skips what is no base64.
  const end = text.search(/[^A-Za-z0-9+/]/);
  const isBase64 = text.length % 4 === 0 && (end === -1 || /^={1,2}$/.test(text.slice(end)));
  if (!isBase64) throw malformed('The bytes of an image are not valid base64.');
  return Buffer.from(text, 'base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const malformed = (message: string) => new FrameworkException('SerializationException', message);
