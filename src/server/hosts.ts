import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { FrameworkException } from './framework-exception.js';

/** Whether a host surely means this machine alone. Spellings that are not known do not count. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Checks which host a request names. Against DNS rebinding: a page can make its own name resolve to this machine, so
 * that browsers take the server for its own, but the request still names it.
 *
 * @param allowed beside the names of loopback; any when left out
 * @throws FrameworkException: SerializationException, AccessDeniedException
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
    throw new FrameworkException('SerializationException', 'The request names no valid host.');
  if (allowed && !isLoopback(host) && !allowed.has(host))
    throw new FrameworkException(
      'AccessDeniedException',
      'This server is not to be called by that host name.',
      403,
    );
}
