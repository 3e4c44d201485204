import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { FrameworkException } from './framework-exception.js';

/** The access key that requests must be signed with. */
export interface ServerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The parts of a request to `/` that a signature covers, beside its body. Names of headers are in lower case. */
export interface SignedMessage {
  readonly method: string;
  readonly searchParams: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** What a request says of its signature. */
export interface SignatureClaim {
  readonly date: Date;
  /** Day, Region, service and terminator. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'rekognition';

/** How far the clocks may be apart. AWS says so itself: "Signature expired: … (… - 5 min.)". */
const MOST_MINUTES_APART = 5;

/** Unsigned, these would let anyone send a signed request elsewhere, or to another operation. */
const ALWAYS_SIGNED = ['host', 'x-amz-target'];

/**
 * Reads what a request says of its signature, and refuses it where that alone cannot be right: before the body of a
 * stranger is read.
 *
 * The errors are those of AWS's JSON services, in their words.
 *
 * @throws FrameworkException: MissingAuthenticationTokenException, IncompleteSignatureException,
 *   UnrecognizedClientException or InvalidSignatureException
 */
export function readClaim(
  headers: SignedMessage['headers'],
  { accessKeyId }: ServerCredentials,
  now = new Date(),
): SignatureClaim {
  const { authorization } = headers;
  // AWS goes by its own header where there are both, with dates that may differ.
  const dateHeader = headers['x-amz-date'] === undefined ? 'date' : 'x-amz-date';
  const dateText = headers[dateHeader]?.toString();
  if (authorization === undefined)
    throw new FrameworkException(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
    );

  const [algorithm = '', ...rest] = authorization.trim().split(/\s+/);
  if (algorithm.startsWith('AWS') && algorithm !== ALGORITHM)
    throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
  const parameters = algorithm === ALGORITHM ? parametersOf(rest.join(' ')) : {};
  const { Credential, Signature, SignedHeaders } = parameters;
  if (!Credential || !Signature || !SignedHeaders || !dateText)
    throw incomplete(
      ['Credential', 'Signature', 'SignedHeaders']
        .filter((name) => !parameters[name])
        .map((name) => `Authorization header requires '${name}' parameter.`)
        .concat(
          dateText
            ? []
            : ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."],
        )
        .join(' '),
    );

  const [keyId, ...scope] = Credential.split('/');
  const [day, , service, terminator, ...more] = scope;
  if (terminator === undefined || more.length > 0)
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    );
  // Credentials are fixed, so a request with a session's token was not signed with them.
  if (keyId !== accessKeyId || headers['x-amz-security-token'] !== undefined)
    throw new FrameworkException(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (service !== SERVICE) throw invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  if (terminator !== 'aws4_request')
    throw invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    );

  const date = readDate(dateText);
  const dayOfDate = basic(date).slice(0, 8);
  if (day !== dayOfDate)
    throw invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${day}' != '${dayOfDate}', from '${dateText}'.`,
    );
  checkAge(date, now);

  const signedHeaders = SignedHeaders.toLowerCase().split(';');
  const unsigned = [...ALWAYS_SIGNED, dateHeader].find((name) => !signedHeaders.includes(name));
  if (unsigned) throw invalid(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  return { date, scope, signedHeaders, signature: Signature };
}

/**
 * Signs the request again with the headers that the client chose to sign, and compares
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * @throws FrameworkException: InvalidSignatureException
 */
export function checkSignature(
  { date, scope, signedHeaders, signature }: SignatureClaim,
  { method, searchParams, headers }: SignedMessage,
  body: Uint8Array,
  { secretAccessKey }: ServerCredentials,
): void {
  const headerOf = (name: string) =>
    String(headers[name] ?? '')
      .trim()
      .replace(/\s+/g, ' ');
  // A hash that was sent is what was signed, so it has to be that of the body which came along.
  const hash = sha256(body);
  if (signedHeaders.includes('x-amz-content-sha256') && headerOf('x-amz-content-sha256') !== hash)
    throw mismatch();

  const names = signedHeaders.toSorted();
  const query = [...searchParams].map((pair) => pair.map(encode).join('=')).sort();
  const headerLines = names.map((name) => `${name}:${headerOf(name)}\n`);
  const canonical = [method, '/', query.join('&'), headerLines.join(''), names.join(';'), hash].join('\n');
  const toSign = [ALGORITHM, basic(date), scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  if (!isSame(hmac(key, toSign).toString('hex'), signature)) throw mismatch();
}

/** `Credential=…, SignedHeaders=…, Signature=…` by name. */
function parametersOf(text: string): Record<string, string | undefined> {
  const pairs = text.split(/[\s,]+/).map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
  return Object.fromEntries(pairs);
}

/** A date in AWS's own form, or in that of HTTP: `Sat, 31 Jan 2026 23:59:59 GMT`. */
function readDate(text: string): Date {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const isHttpDate = /^[A-Z][a-z]{2}, .* GMT$/.test(text);
  const date = new Date(isHttpDate ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime()))
    throw incomplete("Date must be in ISO-8601 'basic format', such as 20260131T235959Z.");
  return date;
}

function checkAge(date: Date, now: Date): void {
  const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
  const earliest = minutes(-MOST_MINUTES_APART);
  const latest = minutes(MOST_MINUTES_APART);
  if (date < earliest)
    throw invalid(
      `Signature expired: ${basic(date)} is now earlier than ${basic(earliest)} ` +
        `(${basic(now)} - ${MOST_MINUTES_APART} min.)`,
    );
  if (date > latest)
    throw invalid(
      `Signature not yet current: ${basic(date)} is still later than ${basic(latest)} ` +
        `(${basic(now)} + ${MOST_MINUTES_APART} min.)`,
    );
}

/** 20260131T235959Z */
function basic(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** As URLs have it, and these four too (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Takes the same time wherever the two differ. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const incomplete = (message: string) => new FrameworkException('IncompleteSignatureException', message);
const invalid = (message: string) => new FrameworkException('InvalidSignatureException', message);
const mismatch = () =>
  invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.',
  );
