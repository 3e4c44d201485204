import type { IncomingMessage } from 'node:http';
import { FrameworkException } from './framework-exception.js';

/** In bytes. Two images of 5 MB have 14 million in base64, and the rest of a request is small. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Reads a body, and stops where it gets too long: the rest is never held in memory.
 *
 * @param take called with a number of bytes before they are kept; throws when there is no room for them
 * @throws FrameworkException: RequestEntityTooLargeException, or RequestAbortedException when its connection ended
 */
export function readBody(request: IncomingMessage, take: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? Number.NaN);
    if (declared > MOST_BODY_BYTES) return reject(tooLarge());
    // Copied: a piece of one byte would keep the whole buffer that it arrived in.
    let bytes = Buffer.alloc(0);
    let length = 0;
    const keep = (piece: Buffer) => {
      const next = length + piece.length;
      if (next > MOST_BODY_BYTES) throw tooLarge();
      take(piece.length);
      if (next > bytes.length) {
        // Of the declared length at most sixteen times what has arrived is allocated.
        const longer = Buffer.allocUnsafeSlow(Math.max(next, Math.min(16 * next, declared || 2 * next)));
        bytes.copy(longer, 0, 0, length);
        bytes = longer;
      }
      piece.copy(bytes, length);
      length = next;
    };
    const onData = (piece: Buffer) => {
      try {
        keep(piece);
      } catch (error) {
        request.off('data', onData);
        reject(error);
      }
    };
    request
      .on('data', onData)
      .once('end', () => {
        resolve(bytes.subarray(0, length));
        // This closure lives as long as the request, until it is answered.
        bytes = Buffer.alloc(0);
      })
      .once('close', () => reject(new FrameworkException('RequestAbortedException', 'The client hung up.')));
  });
}

/** A client that goes on sending so much after its request was refused is cut off. */
const MOST_DISCARDED_BYTES = 4 * MOST_BODY_BYTES;

/** Reads on and drops the rest of a request that is answered already, so that its connection can bring the next one. */
export function discardRest(request: IncomingMessage): void {
  let length = 0;
  request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length > MOST_DISCARDED_BYTES) request.socket.destroy();
  });
}

function tooLarge(): FrameworkException {
  const message = `HTTP content length exceeded ${MOST_BODY_BYTES} bytes.`;
  return new FrameworkException('RequestEntityTooLargeException', message, 413);
}
