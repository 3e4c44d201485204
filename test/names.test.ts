import fc from 'fast-check';
import { nameOfUser, toUserId } from 'rekollect';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../src/limits.js';
import { toExternalImageId, toPhotoId } from '../src/photo-id.js';

const CONTENT = `sha256:${'0'.repeat(64)}`;

describe('toUserId', () => {
  it.each([
    ['ada', 'ada'],
    ['Ada Lovelace', 'Ada:20Lovelace'],
    ['José Núñez', 'Jos:c3:a9:20N:c3:ba:c3:b1ez'],
    ['名前', ':e5:90:8d:e5:89:8d'],
    ['a b/c.jpg', 'a:20b:2fc.jpg'],
    ['a:20b', 'a:3a20b'],
    ['👩‍🚀', ':f0:9f:91:a9:e2:80:8d:f0:9f:9a:80'],
  ])('makes of %s the id %s, and the name of that again', (name, userId) => {
    expect(toUserId(name)).toBe(userId);
    expect(nameOfUser(userId)).toBe(name);
  });

  it('makes an allowed id of every name that fits, and another of every other name', () => {
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(toUserId(a)).toMatch(LIMITS.userId.pattern);
        expect(nameOfUser(toUserId(a))).toBe(a);
        expect(toUserId(a) === toUserId(b)).toBe(a === b);
      }),
    );
  });

  it.each(['', 'a'.repeat(129), '名'.repeat(15), 'half \ud800', 7 as unknown as string])(
    'refuses %j, which no id can stand for',
    (name) => {
      expect(() => toUserId(name)).toThrow(
        expect.objectContaining({ name: 'InvalidArgumentError', argument: 'name' }),
      );
    },
  );

  it('leaves ids of the caller as their own names', () => {
    for (const userId of ['a:b', 'a:2', 'a:C3:A9', ':ff', 'urn:user:17'])
      expect(nameOfUser(userId)).toBe(userId);
  });
});

describe('the external id of a photo', () => {
  it('tells its content and its name again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (photoName) => {
        const id = toExternalImageId({ content: CONTENT, photoName });
        expect(id).toMatch(LIMITS.externalImageId.pattern);
        expect(toPhotoId(id)).toEqual({ content: CONTENT, photoName });
      }),
    );
  });

  it('cuts a long name at a whole character, and tells it from others of the same beginning', () => {
    for (const begin of ['x', 'é', '名', '👩‍🚀', 'a/é']) {
      const ids = ['1', '2'].map((end) =>
        toExternalImageId({ content: CONTENT, photoName: begin.repeat(200) + end }),
      );
      expect(ids[0]).not.toBe(ids[1]);
      for (const id of ids) {
        expect(id.length).toBeLessThanOrEqual(LIMITS.externalImageId.maxLength);
        expect(toPhotoId(id).photoName).toMatch(new RegExp(`^(${begin})+.{0,4}\\.\\.\\.[0-9a-f]{16}$`, 'u'));
      }
    }
  });

  it('is the content alone without a name, and takes ids of the caller as they are', () => {
    expect(toExternalImageId({ content: CONTENT })).toBe(CONTENT);
    expect(toPhotoId(CONTENT)).toEqual({ content: CONTENT });
    expect(toPhotoId('badge:17')).toEqual({ content: 'badge:17' });
  });
});
