import { UnreadableImageError } from 'rekollect';
import { describe, expect, it } from 'vitest';
import { fromFailure, toFailure } from '../../src/local/vision/threads/worker-answer.js';

/** As it is on the other thread. */
const across = (error: Error) => fromFailure(structuredClone(toFailure(error)));

describe('an error of another thread', () => {
  it('is of its class, with its fields', () => {
    const error = across(new UnreadableImageError('ada.jpg', 'NOT_AN_IMAGE', 'it is empty.'));
    expect(error).toBeInstanceOf(UnreadableImageError);
    expect(error).toMatchObject({
      code: 'UNREADABLE_IMAGE',
      problem: 'NOT_AN_IMAGE',
      message: 'ada.jpg: it is empty.',
    });
  });

  it.each([
    ['an aborted call', new DOMException('This operation was aborted', 'AbortError')],
    ['a time limit', new DOMException('The operation timed out', 'TimeoutError')],
    ['a mistake', new TypeError('x is not a function')],
    [
      'an error with a name of its own',
      Object.assign(new Error('No room'), { name: 'QuotaError', bytes: 3 }),
    ],
  ])('keeps its name: %s', (_, thrown) => {
    const { name, message } = thrown;
    expect(across(thrown)).toMatchObject({ name, message });
  });
});
