import { timingSafeEqual } from 'node:crypto';
import { Sha256Node } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { FrontRefusal } from './front-refusal.js';

/** Who may ask. */
export interface ServerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The parts of an HTTP request that a signature covers, beside its body. Names of headers are in lower case. */
export interface SignedMessage {
  readonly method: string;
  readonly query: Readonly<Record<string, string[]>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request says of its signature. */
export interface SignatureClaim {
  readonly region: string;
  readonly date: Date;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'rekognition';

/** How far the clocks may be apart. AWS says so itself: "Signature expired: … (… - 5 min.)". */
const MOST_MINUTES_APART = 5;

/** Unsigned, these would let anyone send a signed request elsewhere, later, or to another operation. */
const ALWAYS_SIGNED = ['host', 'x-amz-date', 'x-amz-target'];

/**
 * Reads what a request says of its signature, and refuses it where that alone tells that it cannot be right: a
 * stranger's body need not even be read.
 *
 * The errors are those of AWS's JSON services, in their words.
 *
 * @throws FrontRefusal: MissingAuthenticationTokenException, IncompleteSignatureException,
 *   UnrecognizedClientException or InvalidSignatureException
 */
export function readClaim(
  headers: SignedMessage['headers'],
  { accessKeyId }: ServerCredentials,
  now = new Date(),
): SignatureClaim {
  const { authorization, 'x-amz-date': dateText } = headers;
  if (authorization === undefined)
    throw new FrontRefusal('MissingAuthenticationTokenException', 'Request is missing Authentication Token');

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
        .concat(dateText ? [] : ["Authorization header requires existence of a 'X-Amz-Date' header."])
        .join(' '),
    );

  const [keyId, day, region, service, terminator, ...more] = Credential.split('/');
  if (terminator === undefined || more.length > 0)
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    );
  // Credentials are fixed, so a request with a session's token was not signed with them.
  if (keyId !== accessKeyId || headers['x-amz-security-token'] !== undefined)
    throw new FrontRefusal(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (service !== SERVICE) throw invalid(`Credential should be scoped to correct service: '${SERVICE}'.`);
  if (terminator !== 'aws4_request')
    throw invalid(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    );

  const date = readDate(dateText);
  if (day !== dateText.slice(0, 8))
    throw invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${day}' != '${dateText.slice(0, 8)}', from '${dateText}'.`,
    );
  checkAge(date, now);

  const signedHeaders = SignedHeaders.toLowerCase().split(';');
  const unsigned = ALWAYS_SIGNED.find((name) => !signedHeaders.includes(name));
  if (unsigned) throw invalid(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  return { region: region!, date, signedHeaders, signature: Signature };
}

/**
 * Signs the request again as AWS's own library does, with the headers that the client chose to sign, and compares.
 *
 * @throws FrontRefusal: InvalidSignatureException
 */
export async function checkSignature(
  { region, date, signedHeaders, signature }: SignatureClaim,
  { method, query, headers }: SignedMessage,
  body: Uint8Array,
  credentials: ServerCredentials,
): Promise<void> {
  const signer = new SignatureV4({
    service: SERVICE,
    region,
    credentials,
    sha256: Sha256Node,
    // The header with the body's hash is signed where the client sent it, and not added where it did not.
    applyChecksum: false,
  });
  const signed = Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? '']));
  // A hash that was sent is what was signed, so it has to be that of the body which came along.
  const sentHash = signed['x-amz-content-sha256'];
  if (sentHash !== undefined && sentHash !== (await sha256(body))) throw mismatch();

  const request = await signer.sign(
    { method, protocol: 'http:', hostname: '', path: '/', query: { ...query }, headers: signed, body },
    { signingDate: date, signableHeaders: new Set(signedHeaders) },
  );
  const expected = parametersOf(request.headers.authorization ?? '').Signature ?? '';
  if (!isSame(expected, signature)) throw mismatch();
}

/** `Credential=…, SignedHeaders=…, Signature=…` by name. */
function parametersOf(text: string): Record<string, string | undefined> {
  const pairs = text.split(/[\s,]+/).map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
  return Object.fromEntries(pairs);
}

function readDate(text: string): Date {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
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

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = new Sha256Node();
  hash.update(bytes);
  return Buffer.from(await hash.digest()).toString('hex');
}

/** Takes the same time wherever the two differ. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const incomplete = (message: string) => new FrontRefusal('IncompleteSignatureException', message);
const invalid = (message: string) => new FrontRefusal('InvalidSignatureException', message);
const mismatch = () =>
  invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.',
  );
