import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { FrontRefusal } from './front-refusal.js';

/** Whether only this machine can reach it, whatever resolvers say. Spellings that are not known count as reachable. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Checks which host a request names. A page on the Web can make its own name mean this machine (DNS rebinding) and is
 * then no stranger to browsers, but its name stands in the request.
 *
 * @param allowed beside the names of loopback; any when left out
 * @throws FrontRefusal: SerializationException, AccessDeniedException
 */
export function checkHostHeader(
  { headers, httpVersion }: IncomingMessage,
  allowed: ReadonlySet<string> | undefined,
): void {
  // HTTP/1.0, which some health checks speak and no browser, has no header for it.
  if (headers.host === undefined && httpVersion === '1.0') return;
  const [, inBrackets, plain] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]<>]+))(?::\d*)?$/i.exec(headers.host ?? '') ?? [];
  const host = (inBrackets ?? plain)?.toLowerCase();
  if (host === undefined)
    throw new FrontRefusal('SerializationException', 'The request names no valid host.');
  if (allowed && !isLoopback(host) && !allowed.has(host))
    throw new FrontRefusal(
      'AccessDeniedException',
      'This server is not to be called by that host name.',
      403,
    );
}
