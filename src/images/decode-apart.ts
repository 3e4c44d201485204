import { fileURLToPath } from 'node:url';
import { UnreadableImageError } from '../errors.js';
import { loadingOptions } from '../loading-options.js';
import { threadEntry } from '../thread-entry.js';
import { type DecodedImage, type DecodeSettings, TIME_LIMIT, tooSlow } from './decode-here.js';
import type { DecodingAnswer, DecodingTask } from './decode-process.js';

/**
 * Decodes an image in a process of its own, which ends with it, when the signal aborts, or when it takes too long.
 * Starting it takes a fifth of a second.
 *
 * @throws UnreadableImageError, or the signal's reason
 */
export async function decodeApart(
  name: string,
  bytes: Uint8Array,
  settings: DecodeSettings,
  signal?: AbortSignal,
): Promise<DecodedImage> {
  const entry = threadEntry('images/decode-process');
  const { execArgv = [] } = loadingOptions(entry);
  // Node takes its time to load it, which most programs need not spend.
  const { fork } = await import('node:child_process');
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(entry), { execArgv, serialization: 'advanced', stdio: 'ignore' });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  let isLate = false;
  const clock = setTimeout(() => {
    isLate = true;
    stop();
  }, TIME_LIMIT * 1000);
  try {
    const answer = await new Promise<DecodingAnswer | undefined>((resolve, reject) => {
      child.once('message', (message: DecodingAnswer) => resolve(message));
      child.once('exit', () => resolve(undefined));
      child.once('error', reject);
      child.send({ name, bytes, settings } satisfies DecodingTask, () => {});
    });
    signal?.throwIfAborted();
    if (isLate) throw tooSlow(name);
    if (!answer)
      throw new UnreadableImageError(name, 'TOO_COSTLY', 'the process that decoded it died of it.');
    if ('problem' in answer) throw new UnreadableImageError(name, answer.problem, answer.message);
    return answer;
  } finally {
    clearTimeout(clock);
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
