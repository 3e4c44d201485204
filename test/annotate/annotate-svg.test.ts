import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type AnnotateSvgOptions, annotateSvg } from '../../src/annotate/annotate-svg.js';
import type { AnnotatedFace } from '../../src/annotate/marks.js';
import { InvalidArgumentError } from '../../src/errors.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { fromFile } from '../../src/images/from-file.js';
import { colourAt, quarterColours, quarters, withOrientation } from '../images/test-pictures.js';

const boundingBox = { left: 0.4, top: 0.4, width: 0.2, height: 0.3 };
const named = (userId: string): AnnotatedFace => ({
  status: 'matched',
  face: { boundingBox },
  matches: [{ userId, similarity: 98.7 }],
});
const aFace = (status: string): AnnotatedFace => ({ status, face: { boundingBox } });

const PHOTO = await quarters(400, 300);
const svgOf = (faces: readonly AnnotatedFace[], options: AnnotateSvgOptions = {}) =>
  annotateSvg(fromBuffer(PHOTO), faces, options);

/** What stands between tags of a name, as it is written. */
const contents = (svg: string, tag: string) =>
  Array.from(svg.matchAll(new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`, 'g')), ([, content]) => content!);
const titles = (svg: string) => contents(svg, 'title').slice(1);
/** The tags, with the names of their attributes. */
const skeleton = (svg: string) =>
  Array.from(svg.matchAll(/<(\/?\w+)((?:\s+[\w-]+="[^"]*")*)\s*\/?>/g), ([, tag, attributes]) =>
    [tag, ...Array.from(attributes!.matchAll(/([\w-]+)=/g), ([, name]) => name)].join(' '),
  );

describe('annotateSvg', () => {
  it('measures in pixels of the upright photo, and has no size of its own', async () => {
    const svg = await annotateSvg(fromBuffer(await withOrientation(PHOTO, 6)), []);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 400 300" role="group">/);
    expect(svg.trimEnd()).toMatch(/<\/svg>$/);
  });

  it('says of every face who it is and what came of it', async () => {
    const ambiguous = {
      ...aFace('ambiguous'),
      between: [
        { userId: 'ada', similarity: 91 },
        { userId: 'bob', similarity: 90 },
      ],
    };
    const faces = [
      named('ada'),
      ambiguous,
      aFace('unmatched'),
      aFace('failed'),
      aFace('unsearchable'),
      aFace('new'),
    ];
    const svg = await svgOf(faces);
    expect(contents(svg, 'title')).toEqual([
      '6 faces',
      'ada 98.7 %',
      'ada or bob ?',
      'unknown',
      'not searched',
      'not searched',
      'unknown',
    ]);
    expect(contents(svg, 'desc')).toEqual([
      'Matched. Face 1 of 6.',
      'Ambiguous: more than one match is about as similar. Face 2 of 6.',
      'No match. Face 3 of 6.',
      'Not searched. Face 4 of 6.',
      'Not searched. Face 5 of 6.',
      'No match. Face 6 of 6.',
    ]);
    expect(svg.match(/role="img"/g)).toHaveLength(6);
    // Labels are not read out a second time.
    expect(svg.match(/<g aria-hidden="true"/g)).toHaveLength(6);
  });

  it('leaves faces out that are not in the photo, and counts them all the same', async () => {
    const outside = { ...named('ada'), face: { boundingBox: { ...boundingBox, left: 2 } } };
    expect(contents(await svgOf([outside, named('bob')]), 'desc')).toEqual(['Matched. Face 2 of 2.']);
  });

  it('tells what came of faces apart without colour', async () => {
    const shapes = await Promise.all(
      [named('ada'), aFace('ambiguous'), aFace('unmatched'), aFace('failed')].map(async (face) => {
        const svg = await svgOf([face], { label: () => '' });
        return `${svg.match(/<rect/g)!.length} ${svg.match(/stroke-dasharray="[^"]+"/)}`;
      }),
    );
    expect(new Set(shapes).size).toBe(4);
  });

  it.each([
    '</title></g></svg><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    '<![CDATA[ & ]]> &lt; &#60;script&#62; <!-- -->',
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    'a\u0000b\u0008\ud800c\uffff',
  ])('has names as text and never as markup: %j', async (name) => {
    const plain = skeleton(await svgOf([named('ada')]));
    const [byUser, byLabel] = [
      await svgOf([named(name)]),
      await svgOf([named('ada')], { label: () => name }),
    ];
    for (const svg of [byUser, byLabel]) {
      expect(skeleton(svg)).toEqual(plain);
      // Nothing is left but tags and text without a character of markup, and none that XML cannot hold.
      const text = svg.replace(/<\/?\w+(?:\s+[\w-]+="[^"]*")*\s*\/?>/g, '');
      expect(text).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|[\ufffe\uffff]/u);
      // A parser agrees.
      expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({
        format: 'svg',
        width: 400,
        height: 300,
      });
    }
    const decoded = titles(byLabel)[0]!.replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, entity: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[entity]!,
    );
    expect(decoded).toBe(name.replace(/\p{Cc}+/gu, ' ').replace(/[\p{Cs}\uffff]/gu, '\ufffd'));
  });

  it('takes your labels, and reads out no name that they leave out', async () => {
    const labels = ['Ada Lovelace', '', undefined];
    const svg = await svgOf([named('ada'), named('bob'), named('eve')], {
      label: (_, index) => labels[index],
    });
    expect(titles(svg)).toEqual(['Ada Lovelace', 'face', 'eve 98.7 %']);
    expect(svg).not.toContain('bob');
    expect(contents(svg, 'text')).toHaveLength(2);
  });

  it('reads out a name in full that is cut where it is shown', async () => {
    const name = 'x'.repeat(128);
    const svg = await svgOf([named(name)]);
    expect(titles(svg)).toEqual([`${name} 98.7 %`]);
    expect(contents(svg, 'text')[0]).toContain('…');
  });

  it('is an overlay that lets the photo through', async () => {
    const { channels, hasAlpha } = await sharp(Buffer.from(await svgOf([named('ada')]))).metadata();
    expect({ channels, hasAlpha }).toEqual({ channels: 4, hasAlpha: true });
    const shown = await sharp(PHOTO)
      .composite([{ input: Buffer.from(await svgOf([named('ada')])) }])
      .png()
      .toBuffer();
    expect(await quarterColours(shown)).toBe('rgbw');
    const { data } = await sharp(shown).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const blue = [86, 180, 233];
    // The middle of the left line.
    expect([...data.subarray((150 * 400 + 160) * 3, (150 * 400 + 160) * 3 + 3)]).toEqual(blue);
  });

  it('holds the photo on demand, upright and without its metadata', async () => {
    const lying = await withOrientation(PHOTO, 6);
    const svg = await annotateSvg(fromBuffer(lying), [], { embedPhoto: true });
    expect(await quarterColours(await sharp(Buffer.from(svg)).flatten().png().toBuffer())).toBe('rgbw');
    const [, base64] = /href="data:image\/jpeg;base64,([^"]+)"/.exec(svg)!;
    const embedded = await sharp(Buffer.from(base64!, 'base64')).metadata();
    expect(embedded).toMatchObject({ format: 'jpeg', width: 400, height: 300 });
    expect(embedded.exif).toBeUndefined();
    expect(await svgOf([])).not.toContain('data:');
  });

  it('draws into a photo that is too small for any label, and of a face of a pixel', async () => {
    const tiny = await quarters(4, 4);
    const svg = await annotateSvg(fromBuffer(tiny), [
      { status: 'ambiguous', face: { boundingBox: { left: 0.5, top: 0.5, width: 0.25, height: 0.25 } } },
    ]);
    expect(svg).not.toMatch(/NaN|(?:width|height)="-/);
    expect(await colourAt(await sharp(Buffer.from(svg)).flatten().png().toBuffer(), 0.6, 0.6)).not.toBe('w');
  });

  it('reads a format that it has to decode for its size', async () => {
    const svg = await annotateSvg(fromFile('test/images/quarters.heic'), []);
    expect(svg).toMatch(/viewBox="0 0 [1-9]\d* [1-9]\d*"/);
  });

  it.each<[string, unknown, unknown]>([
    ['options.format', [], { format: 'png' }],
    ['options.embedPhoto', [], { embedPhoto: 'yes' }],
    ['options.label', [], { label: 'ada' }],
    ['result', null, {}],
  ])('refuses %s', async (argument, result, options) => {
    const refused = annotateSvg(fromBuffer(PHOTO), result as [], options as AnnotateSvgOptions);
    await expect(refused).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(refused).rejects.toMatchObject({ argument });
  });

  it('refuses what is no photo, or too large a one, and ends with the signal', async () => {
    const noImage = annotateSvg(fromBuffer(Buffer.from('no image')), []);
    await expect(noImage).rejects.toMatchObject({ problem: 'NOT_AN_IMAGE' });
    await expect(svgOf([], { limitInputPixels: 1000 })).rejects.toMatchObject({ problem: 'TOO_MANY_PIXELS' });
    const reason = new Error('too late');
    await expect(svgOf([], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
