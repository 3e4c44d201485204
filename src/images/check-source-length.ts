import { UnreadableImageError } from '../errors.js';
import { DEFAULTS } from '../limits.js';

/**
 * An image source gives its bytes in one piece of memory, so there is a most.
 *
 * @param name what the error calls the image
 * @throws UnreadableImageError `TOO_MANY_BYTES`
 */
export function checkSourceLength(name: string, bytes: number): void {
  if (bytes <= DEFAULTS.sourceBytes) return;
  const message = `it has ${bytes} bytes or more, and no image may have more than ${DEFAULTS.sourceBytes}. Shrink it first.`;
  throw new UnreadableImageError(name, 'TOO_MANY_BYTES', message);
}
