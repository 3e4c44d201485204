import { describe, expect, it } from 'vitest';
import type { TextMask } from '../../src/annotate/draw-text.js';
import { drawLabelText } from '../../src/annotate/label-text.js';

const draw = async (name: string, detail = '', maxWidth = 10_000) => {
  const mask = await drawLabelText({ name, detail }, 20, maxWidth);
  expect(mask).toBeDefined();
  return mask!;
};
const same = (a: TextMask, b: TextMask) => a.width === b.width && Buffer.from(a.data).equals(b.data);

describe('the text of a label', () => {
  it('is as many bytes as pixels, some of them covered', async () => {
    const { width, height, data } = await draw('Ada');
    expect(data.length).toBe(width * height);
    expect(Math.max(...data)).toBeGreaterThan(200);
    expect(Math.min(...data)).toBe(0);
  });

  it('grows with the size of the font', async () => {
    const small = await drawLabelText({ name: 'Ada', detail: '' }, 20, 1000);
    const large = await drawLabelText({ name: 'Ada', detail: '' }, 40, 1000);
    expect(large!.height / small!.height).toBeCloseTo(2, 0);
  });

  it.each(['<b>Ada</b>', 'A & B', '&amp;', '<', '"\'', '<span foreground="red">'])(
    'is never markup: %s',
    async (name) => {
      const shown = await draw(name);
      // Were it markup, the characters would be missing, and the text as narrow as without them.
      const bare = await draw(name.replace(/<[^>]*>|&\w+;|[&<"']/g, '') || '.');
      expect(shown.width).toBeGreaterThan(bare.width);
    },
  );

  it('has spaces for control characters and ends of lines', async () => {
    const spaced = await draw('Ada B C');
    expect(same(await draw('Ada\nB\u0007\u0000C'), spaced)).toBe(true);
    expect(same(await draw('\tAda\u2028B\r\n C '), spaced)).toBe(true);
  });

  it.each(['', ' ', '\n\u0007'])('is nothing at all for %j', async (name) => {
    expect(await drawLabelText({ name, detail: '' }, 20, 100)).toBeUndefined();
  });

  it('takes half a surrogate pair for the broken character that it is', async () => {
    expect(same(await draw('a\ud800'), await draw('a\ufffd'))).toBe(true);
  });

  // Letters that a font does not have are boxes of one width.
  it.each([
    ['accented Latin', 'ŽŽŽ', 'ììì'],
    ['Greek', 'ΩΩΩ', 'ιιι'],
    ['Cyrillic', 'ЖЖЖ', 'ііі'],
    ['Armenian', 'ԱԱԱ', 'լլլ'],
    ['Georgian', 'ლლლ', 'იიი'],
    ['Hebrew', 'ששש', 'ייי'],
    ['Arabic', 'صصص', 'ااا'],
  ])('is written in %s', async (_, wide, narrow) => {
    expect((await draw(wide)).width).toBeGreaterThan(1.2 * (await draw(narrow)).width);
  });
});

describe('a name that is too long', () => {
  it('is shortened with an ellipsis, and its similarity is kept', async () => {
    const full = await draw('Wolfeschlegelsteinhausenbergerdorff', ' 98.7 %');
    const cut = await draw('Wolfeschlegelsteinhausenbergerdorff', ' 98.7 %', 200);
    expect(full.width).toBeGreaterThan(200);
    expect(cut.width).toBeLessThanOrEqual(200);
    expect(cut.width).toBeGreaterThan(150);
    const bySome = await Promise.all(
      [...'Wolfeschlegelstein'].map((_, end) =>
        draw(`${'Wolfeschlegelstein'.slice(0, end + 1)}…`, ' 98.7 %'),
      ),
    );
    expect(bySome.some((shorter) => same(shorter, cut))).toBe(true);
  });

  it('is no more than the ellipsis where there is room for nothing', async () => {
    expect(same(await draw('Ada', ' 98.7 %', 1), await draw('…', ' 98.7 %'))).toBe(true);
  });

  it('is never cut inside of a letter', async () => {
    const family = '👩‍👩‍👧‍👦';
    const whole = await Promise.all([1, 2, 3].map((count) => draw(`${family.repeat(count)}…`)));
    const cut = await draw(family.repeat(4), '', whole[2]!.width);
    expect(whole.some((shorter) => same(shorter, cut))).toBe(true);
  });

  it.each([
    ['a letter with 100,000 marks', `a${'\u0301'.repeat(100_000)}da`],
    ['letters with a thousand marks each', `a${'\u0301'.repeat(1000)}`.repeat(100)],
    ['an emoji of 100,000 parts', `👩${'\u200d👩'.repeat(100_000)}`],
  ])('may have %s, which are drawn as far as there is room', async (_, name) => {
    const { width, height } = await draw(name, ' 98.7 %', 300);
    expect(width).toBeLessThanOrEqual(300);
    expect(height).toBeLessThan(80);
  });

  it('keeps the marks that a script needs', async () => {
    const vietnamese = 'e\u0302\u0301';
    expect(same(await draw(vietnamese), await draw('e'))).toBe(false);
    expect(same(await draw(`a${'\u0301'.repeat(6)}`), await draw(`a${'\u0301'.repeat(7)}`))).toBe(true);
  });

  it('may be a whole book', async () => {
    expect((await draw('All happy families are alike. '.repeat(10_000), '', 300)).width).toBeLessThanOrEqual(
      300,
    );
  });
});
