import { checkBoolean, checkFunction, checkMethods, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { AnsweredCall } from './answered-call.js';
import type { AnsweringClient } from './answering-client.js';
import { isLoopback } from './hosts.js';
import { MOST_BODY_BYTES } from './read-body.js';
import type { ServerCredentials } from './signature.js';

/** What the page shows beside what the engine knows. */
export interface UiOptions {
  /**
   * A folder for a small picture of each face that is indexed from now on, deleted with the face. Photos that requests
   * name in a bucket leave none.
   *
   * @default none: no picture is kept
   */
  thumbnails?: string | undefined;
  /**
   * The report of an evaluation, which the page links to: a file that `toReport` made.
   *
   * @default none
   */
  report?: string | undefined;
}

/** What a server answers with, where it listens, and whom it answers. */
export interface ServeOptions {
  /**
   * What answers. It is not closed with the server.
   *
   * @default a `LocalRekognition` that keeps its collections in memory, and is closed with the server
   */
  client?: AnsweringClient | undefined;
  /**
   * 0 to 65535; 0 takes any that is free.
   *
   * @default 5800
   */
  port?: number | undefined;
  /**
   * The name or address to listen on. Anything but a loopback address needs `credentials`.
   *
   * @default '127.0.0.1'
   */
  host?: string | undefined;
  /**
   * What requests must be signed with (Signature Version 4, any Region).
   *
   * @default any signature is accepted, or none
   */
  credentials?: ServerCredentials | undefined;
  /**
   * Answer web pages, whichever site they are from. For development: without `credentials`, any page that is open in
   * a browser on this machine could then ask for faces.
   *
   * @default false
   */
  cors?: boolean | undefined;
  /**
   * Names by which requests may call the server, beside `host`, `localhost` and the addresses of loopback: a name that
   * a web page brought along (DNS rebinding) is refused.
   *
   * @default none; any with `credentials`, as requests are then signed for the name that they call
   */
  allowedHosts?: readonly string[] | undefined;
  /**
   * Serve a page, too, on which a person sees what the collections know, enrolls people and tries photos: `pageUrl` of the
   * server says where. Its requests are signed with a key of its own, so that no other page can send them.
   *
   * @default false
   */
  ui?: boolean | UiOptions | undefined;
  /** Called for every call once it is answered. */
  log?: ((call: AnsweredCall) => void) | undefined;
  /**
   * Answer `GET /metrics` to Prometheus, without a signature, as `GET /health`: how many calls there were of each
   * operation, how long they took and what came of them, and what the process uses. Needs the package `prom-client`.
   *
   * @default false
   */
  metrics?: boolean | undefined;
  /**
   * Milliseconds that a request may take to arrive, and an answer to be read; the head of a request has at most ten
   * seconds of them. Slower connections are closed, so that they cannot pile up.
   *
   * @default 60_000
   */
  requestTimeout?: number | undefined;
  /**
   * Bytes that all requests and answers together may have in memory, from their arrival until they were answered and
   * read; at least 16 MB, which a single request may have. What comes beyond is refused with a `ThrottlingException`,
   * and SDKs try again a little later. Photos that wait for the engine are its own affair.
   *
   * @default 268_435_456
   */
  bytesInFlight?: number | undefined;
  /**
   * Milliseconds that `close` waits for requests in flight; then it ends their connections.
   *
   * @default 8_000, as containers are killed ten seconds after their stop signal
   */
  closeTimeout?: number | undefined;
}

const MOST_MILLISECONDS = 3_600_000;

/** Each option by itself. */
export const SERVE: OptionChecks<ServeOptions> = {
  client: (argument, value) => checkMethods(argument, value, ['answer'], 'a LocalRekognition'),
  port: wholeNumber(0, 65_535),
  host(argument, value) {
    if (!isFilled(value)) throw new InvalidArgumentError(argument, value, 'the name or address to listen on');
  },
  // The SDK notes down in such an object where it is from, and others have more members.
  credentials(argument, value) {
    for (const name of ['accessKeyId', 'secretAccessKey']) {
      const key = (value as Record<string, unknown> | null)?.[name];
      if (!isFilled(key))
        throw new InvalidArgumentError(`${argument}.${name}`, key, 'a string that is not blank');
    }
  },
  cors: checkBoolean,
  ui(argument, value) {
    if (typeof value !== 'boolean')
      checkOptions(value as UiOptions, { thumbnails: checkPath, report: checkPath }, argument);
  },
  log: checkFunction,
  metrics: checkBoolean,
  allowedHosts(argument, value) {
    const isName = (host: unknown) => typeof host === 'string' && /^[^\s/:[\]]+$|^[\da-f:.]+$/i.test(host);
    if (!Array.isArray(value) || !value.every(isName))
      throw new InvalidArgumentError(argument, value, 'an array of host names, without ports');
  },
  requestTimeout: wholeNumber(1, MOST_MILLISECONDS),
  bytesInFlight: wholeNumber(MOST_BODY_BYTES, Number.MAX_SAFE_INTEGER),
  closeTimeout: wholeNumber(0, MOST_MILLISECONDS),
};

/** @throws InvalidArgumentError */
export function checkHostIsSafe(host: string, credentials: ServeOptions['credentials']): void {
  if (!credentials && !isLoopback(host))
    throw new InvalidArgumentError('options.host', host, 'a loopback address unless credentials are given');
}

function wholeNumber(least: number, most: number) {
  return (argument: string, value: unknown) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      throw new InvalidArgumentError(argument, value, `a whole number from ${least} to ${most}`);
  };
}

function checkPath(argument: string, value: unknown): void {
  if (!isFilled(value)) throw new InvalidArgumentError(argument, value, 'a path');
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
