import fc from 'fast-check';
import { fromUserId, InvalidArgumentError, toUserId } from 'rekollect';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../src/limits.js';
import { escapeName } from '../src/names.js';
import {
  checkImageName,
  contentIdOf,
  externalImageIdOf,
  imageNameOf,
} from '../src/service/external-image-id.js';

/** Any text there is, halves of surrogate pairs too, with much of what escaping has to keep apart. */
const names = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        '2f',
        ':',
        '::',
        '.',
        '-',
        '_',
        ' ',
        '  ',
        '/',
        '%',
        '\n',
        'é',
        '名',
        '🎉',
        '\ud800',
        '\udc00',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''))
  .filter((name) => name !== '');
const escaped = (name: string) => escapeName(name, 'name', Number.POSITIVE_INFINITY);

describe('the id of a name', () => {
  it.each([
    ['ada', 'ada'],
    ['ada_lovelace-1.2', 'ada_lovelace-1.2'],
    ['Ada Lovelace', 'Ada::Lovelace'],
    ['José Núñez', 'Jos:e9.20:N:fa.f1:ez'],
    ['a b/c.jpg', 'a::b:2f:c.jpg'],
    ['名前', ':540d.524d:'],
    ['tenant:42', 'tenant:3a:42'],
    ['चंद्रशेखर वेंकटरमन', expect.stringMatching(/^.{72}$/)],
  ])('of %s is %s', (name, id) => {
    expect(toUserId(name)).toEqual(id);
    expect(fromUserId(toUserId(name))).toBe(name);
  });

  it('is one that the service takes, and gives the name again: so no two names share one', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(escaped(name)).toMatch(LIMITS.userId.pattern);
        expect(fromUserId(escaped(name))).toBe(name);
      }),
    );
  });

  it.each(['', 'x'.repeat(129), '名'.repeat(30), undefined as never])('is refused for %j', (name) => {
    expect(() => toUserId(name)).toThrow(InvalidArgumentError);
  });

  it.each(['arn:user', 'a:zz:', 'a:ffffffff:', ':e9:fa:', 'a:020:', ':61:'])(
    'is its own name where it is %s, which no name has',
    (id) => expect(fromUserId(id)).toBe(id),
  );
});

describe('the name of an enrolled photo', () => {
  const contentId = `sha256:${'0f'.repeat(32)}`;

  it('stands beside what the photo holds, in an id that the service takes', () => {
    const { pattern, maxLength } = LIMITS.externalImageId;
    fc.assert(
      fc.property(fc.option(names, { nil: undefined }), (name) => {
        fc.pre(name === undefined || escaped(name).length <= 183);
        const id = externalImageIdOf(contentId, name);
        expect(id.length).toBeLessThanOrEqual(maxLength);
        expect(id).toMatch(pattern);
        expect([contentIdOf(id), imageNameOf(id)]).toEqual([contentId, name]);
      }),
    );
  });

  it('has 183 characters at most', () => {
    expect(() => checkImageName('name', 'x'.repeat(183))).not.toThrow();
    expect(() => checkImageName('name', 'x'.repeat(184))).toThrow('It has 184.');
  });

  it.each(['holiday-1', undefined, 'sha256:abc', `${contentId}0`])(
    'is none of a face with the id %s',
    (id) => {
      expect([contentIdOf(id), imageNameOf(id)]).toEqual([undefined, undefined]);
    },
  );
});
