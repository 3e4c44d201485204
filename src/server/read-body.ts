import { FrontRefusal } from './front-refusal.js';

/** In bytes. Two images of 5 MB have 14 million in base64, and the rest of a request is small. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Reads a body, and stops where it gets too long: the rest is never held in memory.
 *
 * @throws FrontRefusal: RequestEntityTooLargeException
 */
export async function readBody({ body, headers }: Request): Promise<Buffer> {
  if (Number(headers.get('content-length')) > MOST_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Cancelling would end the connection before the refusal is sent.
  for await (const chunk of body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function tooLarge(): FrontRefusal {
  const message = `HTTP content length exceeded ${MOST_BODY_BYTES} bytes.`;
  return new FrontRefusal('RequestEntityTooLargeException', message, 413);
}
