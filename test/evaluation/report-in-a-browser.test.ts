import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { fromFile } from 'rekollect';
import { toReport } from 'rekollect/evaluation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvaluation } from '../support/an-evaluation.js';
import { browserPath, openBrowser } from '../support/browser.js';
import { samplePath } from '../support/sample-photos.js';

const MARKUP = `<script>document.title = 'run'</script><img src="http://elsewhere.test/x" onerror="alert(1)">`;
const ATTRIBUTE = `" onmouseover='alert(1)' x="`;
const RIGHT_TO_LEFT = '\u202eevil\u200f';
const LONG = 'x'.repeat(10_000);

/** An evaluation in which everything that is shown of names is hostile. */
const HOSTILE = anEvaluation({
  people: 60,
  strangers: 60,
  facesPerUser: [1, 2, 4],
  searches: [
    hostile(MARKUP, { userId: ATTRIBUTE }, RIGHT_TO_LEFT),
    hostile(LONG, { stranger: MARKUP }, LONG),
    hostile(RIGHT_TO_LEFT, { userId: LONG }, MARKUP),
  ],
  failures: [
    { photoName: MARKUP, userId: 'ada', reason: MARKUP, message: MARKUP },
    { photoName: LONG, userId: LONG, reason: 'FAILED', message: MARKUP },
  ],
});

describe.skipIf(!browserPath)('a report in a browser (where Chromium is installed)', () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    const options = { title: `Ours & ${MARKUP}`, pictures: () => fromFile(samplePath(1)) };
    const report = await toReport({ ...HOSTILE, collectionId: MARKUP, faceModelVersion: MARKUP }, options);
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await open(report);
  });
  afterAll(() => page?.close());

  it('asks the network for nothing, runs nothing and has nothing to complain of', async () => {
    expect(requests).toEqual(['http://report.test/']);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe(`Ours & ${MARKUP}`);
    const widths = await page.evaluate<number[]>(
      'Array.from(document.images, (image) => image.naturalWidth)',
    );
    expect(widths.length).toBeGreaterThan(18);
    expect(new Set(widths)).toEqual(new Set([240]));
  });

  it('shows hostile names as the text that they are', async () => {
    const made = 'script, iframe, [onerror], [onmouseover], img:not([src^="data:"])';
    expect(await page.locator(made).count()).toBe(0);
    const names = await page.locator('bdi').allTextContents();
    expect(names).toContain(ATTRIBUTE);
    expect(names).toContain(RIGHT_TO_LEFT);
    expect(names.some((name) => name.startsWith("<script>document.title = 'run'</script>"))).toBe(true);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(80);
  });

  it.each([320, 360, 768, 1280])(
    'fits a screen of %i pixels, with letters that can be read',
    async (width) => {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(SCROLL_WIDTH)).toBe(width);
      const smallest = await page.evaluate<number>(`Math.min(...Array.from(
      document.querySelectorAll('.chart > svg text'),
      (text) => Number.parseFloat(getComputedStyle(text).fontSize) *
        text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width,
    ))`);
      expect(smallest).toBeGreaterThan(9);
    },
  );

  it('draws no text over other text, nor past the edge of a chart', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const charts = await page.evaluate<{ edge: Box; texts: (Box & { text: string })[] }[]>(`
      Array.from(document.querySelectorAll('.chart > svg'), (chart) => {
        const boxOf = (element) => element.getBoundingClientRect().toJSON();
        const texts = Array.from(chart.querySelectorAll('text'), (text) => ({ text: text.textContent, ...boxOf(text) }));
        return { edge: boxOf(chart), texts };
      })`);
    expect(charts).toHaveLength(9);
    for (const { edge, texts } of charts) {
      expect(texts.length).toBeGreaterThan(5);
      for (const [index, text] of texts.entries()) {
        expect(text.left, text.text).toBeGreaterThan(edge.left - 1);
        expect(text.right, text.text).toBeLessThan(edge.right + 1);
        for (const other of texts.slice(0, index)) {
          const across = Math.min(text.right, other.right) - Math.max(text.left, other.left);
          const down = Math.min(text.bottom, other.bottom) - Math.max(text.top, other.top);
          // Boxes are higher than the letters in them.
          expect(across > 1 && down > 5, `${text.text} over ${other.text}`).toBe(false);
        }
      }
    }
  });

  it('is dark where the reader wants that, and light on paper, and can be read everywhere', async () => {
    const look = async (media: Parameters<Page['emulateMedia']>[0]) => {
      await page.emulateMedia(media);
      return page.evaluate<{ behind: string; written: string[] }>(`({
        behind: getComputedStyle(document.body).backgroundColor,
        written: [
          ...Array.from(document.querySelectorAll('svg text'), (text) => getComputedStyle(text).fill),
          ...Array.from(document.querySelectorAll('.mark, .curve'), (mark) => getComputedStyle(mark).stroke),
        ].filter((colour, index, all) => colour !== 'none' && all.indexOf(colour) === index),
      })`);
    };
    const dark = await look({ colorScheme: 'dark' });
    const light = await look({ colorScheme: 'light' });
    const printed = await look({ colorScheme: 'dark', media: 'print' });
    await page.emulateMedia({ colorScheme: null, media: null });
    expect(luminance(dark.behind)).toBeLessThan(0.05);
    expect(luminance(light.behind)).toBeGreaterThan(0.9);
    expect(luminance(printed.behind)).toBe(1);
    for (const { behind, written } of [dark, light, printed]) {
      // Text, text of axes, faces and users.
      expect(written.length).toBeGreaterThanOrEqual(4);
      for (const colour of written) expect(contrast(colour, behind)).toBeGreaterThan(4.5);
    }
  });

  it('prints, with the first picture on the first page', async () => {
    // A4 without its margins, at 96 pixels an inch.
    await page.setViewportSize({ width: 703, height: 1032 });
    await page.emulateMedia({ media: 'print' });
    const bottom = await page.evaluate<number>(
      `document.querySelector('figure').getBoundingClientRect().bottom + scrollY`,
    );
    expect(bottom).toBeLessThan(1032);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf).toMatch(/^%PDF-/);
    expect(pdf.match(/\/Type \/Page\b/g)!.length).toBeGreaterThan(1);
    await page.emulateMedia({ media: null });
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds wrong, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['nothing', { people: 0, strangers: 0 }],
    ['one person', { people: 1, strangers: 0 }],
  ])('is sound where there is %s', async (_, made) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await open(await toReport(anEvaluation(made)));
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(SCROLL_WIDTH)).toBe(360);
  });

  /** Opens the page as from a server that has nothing else, and writes down what it asks for. */
  async function open(html: string): Promise<void> {
    requests.length = 0;
    await page.unrouteAll();
    await page.route('**', (route) => {
      requests.push(route.request().url());
      return requests.length === 1 ? route.fulfill({ body: html, contentType: 'text/html' }) : route.abort();
    });
    await page.goto('http://report.test/');
  }

  async function violations(): Promise<string[]> {
    await page.evaluate(`${axe.source}; undefined`);
    const found = await page.evaluate<AxeResults>('axe.run()');
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }
});

const SCROLL_WIDTH = 'document.documentElement.scrollWidth';

type Box = Record<'left' | 'right' | 'top' | 'bottom', number>;

function hostile(photoName: string, whose: { userId: string } | { stranger: string }, other: string) {
  const answer = { own: 0.001, other: { userId: other, similarity: 99.999 } };
  return { photoName, ...whose, faces: answer, users: answer };
}

/** Of a computed colour, 0 to 1 (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/\d+/g)!.map((channel) => {
    const share = Number(channel) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}
