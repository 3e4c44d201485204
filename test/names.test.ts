import fc from 'fast-check';
import { fromUserId, InvalidArgumentError, toUserId } from 'rekollect';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../src/limits.js';
import { escapeName } from '../src/names.js';
import { contentIdOf, externalImageIdOf, keptName, photoNameOf } from '../src/service/external-image-id.js';

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
        expect(escapeName(name)).toMatch(LIMITS.userId.pattern);
        expect(fromUserId(escapeName(name))).toBe(name);
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
        const id = externalImageIdOf(contentId, name);
        expect(id.length).toBeLessThanOrEqual(maxLength);
        expect(id).toMatch(pattern);
        expect([contentIdOf(id), photoNameOf(id)]).toEqual([contentId, name && keptName(name)]);
      }),
    );
  });

  it('has 183 characters at most, escaped: of a longer one the beginning is kept and a checksum', () => {
    expect(keptName('x'.repeat(183))).toBe('x'.repeat(183));
    expect(keptName('x'.repeat(184))).toMatch(/^x{164}\.{3}[0-9a-f]{16}$/);
    expect(keptName(`${'名'.repeat(200)}1`)).toMatch(/^名{32}\.{3}[0-9a-f]{16}$/);
    expect(keptName(`${'名'.repeat(200)}1`)).not.toBe(keptName(`${'名'.repeat(200)}2`));
    expect(keptName(keptName('x'.repeat(1000)))).toBe(keptName('x'.repeat(1000)));
  });

  it.each(['holiday-1', undefined, 'sha256:abc', `${contentId}0`])(
    'is none of a face with the id %s',
    (id) => {
      expect([contentIdOf(id), photoNameOf(id)]).toEqual([undefined, undefined]);
    },
  );
});
