import { checkBoolean, checkFunction, checkMethods, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { isLoopback } from './hosts.js';
import { MOST_BODY_BYTES } from './read-body.js';
import type { ServeOptions } from './serve.js';

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
  log: checkFunction,
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

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
