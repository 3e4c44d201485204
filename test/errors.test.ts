import { InvalidArgumentError, isRekollectError, RekollectError, UnreadableImageError } from 'rekollect';
import { describe, expect, it, vi } from 'vitest';
import type * as Library from '../src/index.js';

const anImageError: unknown = new UnreadableImageError('photo.jpg', 'NOT_FOUND', 'there is no such file.');

describe('isRekollectError', () => {
  it('knows the errors of another copy of the library, where instanceof does not', async () => {
    vi.resetModules();
    const copy: typeof Library = await import('rekollect');
    expect(anImageError).not.toBeInstanceOf(copy.RekollectError);
    expect(copy.isRekollectError(anImageError)).toBe(true);
    expect(copy.isRekollectError(anImageError, 'UNREADABLE_IMAGE')).toBe(true);
    expect(copy.isRekollectError(anImageError, 'INCOMPLETE')).toBe(false);
  });

  it('knows errors of classes that the caller derives, by their code', () => {
    class OwnError extends RekollectError {
      readonly code = 'OWN';
    }
    expect(isRekollectError(new OwnError(), 'OWN')).toBe(true);
  });

  it('tells the compiler what the error has', () => {
    if (!isRekollectError(anImageError, 'UNREADABLE_IMAGE')) throw anImageError;
    expect(anImageError.problem).toBe('NOT_FOUND');
  });

  it.each([new Error('x'), { code: 'INCOMPLETE' }, null, undefined, 'INCOMPLETE', RekollectError])(
    'is not taken in by %o',
    (thrown) => expect(isRekollectError(thrown)).toBe(false),
  );
});

describe('what was given in place of an argument', () => {
  it.each([
    [{}, 'an Object'],
    [Object.create(null), 'an object'],
    [new AbortController(), 'an AbortController'],
    [new URL('file:///a'), 'a URL'],
    [new Uint8Array(1), 'a Uint8Array'],
    [new Int8Array(1), 'an Int8Array'],
    [new Map(), 'a Map'],
    [[1, 2], 'an array of 2'],
  ])('is named with its article: %o', (value, named) => {
    expect(new InvalidArgumentError('options', value, 'x').message).toBe(`options must be x, not ${named}.`);
  });
});
