import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CONTENT_TYPE, toEnvelope } from './envelope.js';
import { FrameworkException } from './framework-exception.js';

/** Answers a connection that brought no request: not HTTP, too long a head, or too slow. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = toEnvelope(refusalOfParser(error.code));
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${CONTENT_TYPE}`,
    `x-amzn-RequestId: ${randomUUID()}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

function refusalOfParser(code: string | undefined): FrameworkException {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new FrameworkException('RequestTimeoutException', 'The request took too long to arrive.', 408);
    case 'HPE_HEADER_OVERFLOW':
      return new FrameworkException('SerializationException', 'The head of the request is too long.', 431);
    default:
      return new FrameworkException('SerializationException', 'The request is not valid HTTP.');
  }
}
