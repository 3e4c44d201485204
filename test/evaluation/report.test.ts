import { fromBuffer } from 'rekollect';
import { type Probe, type ReportOptions, toReport } from 'rekollect/evaluation';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { percent } from '../../src/evaluation/report/words.js';
import { anEvaluation } from '../support/an-evaluation.js';
import { samplePath } from '../support/sample-photos.js';

describe('the report of an evaluation', () => {
  it('answers in plain words first, at 99', async () => {
    const evaluation = anEvaluation({ people: 60, strangers: 60 });
    const [faces, users] = [evaluation.faces, evaluation.users].map((way) => way.atThresholds.at(-1)!);
    const text = textOf(await toReport(evaluation));
    const [byUsers, byFaces] = [users, faces].map((rates) =>
      spaced(percent(rates!.truePositiveIdentificationRate!.value)),
    );
    expect(text).toContain(
      `At threshold 99: Of photos of known people, ${byUsers} get the right name by users and ${byFaces} by faces.`,
    );
    expect(text).toMatch(
      /user vectors raise the similarity to the same person .* and lower the similarity to/,
    );
  });

  it('says which way similarities went, whichever that is', async () => {
    const { faces, users, ...rest } = anEvaluation({ people: 40, strangers: 40 });
    const text = textOf(await toReport({ ...rest, faces: users, users: faces }));
    expect(text).toMatch(
      /user vectors lower the similarity to the same person .* and raise the similarity to/,
    );
  });

  it('has every rate at every threshold, with its interval', async () => {
    const evaluation = anEvaluation({ people: 40, strangers: 40, thresholds: [70, 99.5] });
    const text = textOf(await toReport(evaluation));
    const estimates = [evaluation.faces, evaluation.users].flatMap(({ atThresholds }) =>
      atThresholds.flatMap(({ threshold, ...rates }) => Object.values(rates)),
    );
    expect(estimates).toHaveLength(20);
    for (const { value, from, to } of estimates) {
      const interval = `${percent(from).slice(0, -2)}–${percent(to)}`;
      expect(text).toContain(spaced(`${percent(value)} ${interval}`));
    }
    expect(text).toContain('Threshold 70');
    expect(text).toContain('Threshold 99.5');
  });

  it('never rounds to all or to nothing', () => {
    const shares = [0, 0.000012, 0.0123, 0.5, 0.979, 0.99984, 1];
    expect(shares.map((share) => spaced(percent(share)))).toEqual([
      '0 %',
      '0.0012 %',
      '1.2 %',
      '50.0 %',
      '97.9 %',
      '99.984 %',
      '100 %',
    ]);
  });

  it('shows the worst confusions, the worst first', async () => {
    const evaluation = anEvaluation({
      people: 40,
      strangers: 40,
      searches: [
        {
          photoName: 'twin.jpg',
          userId: 'ada',
          faces: { own: 60, other: { userId: 'eve', similarity: 99.5 } },
          users: { own: 0.5, other: { userId: 'eve', similarity: 99.99 } },
        },
        { photoName: 'unlike.jpg', userId: 'bob', faces: {}, users: {} },
      ],
    });
    const [, alike, unlike] = /Most like somebody else(.*)Least like the right person(.*)How to read/.exec(
      textOf(await toReport(evaluation)),
    )!;
    expect(alike).toMatch(/^ *twin\.jpg of ada is like eve 99\.50 99\.99 /);
    expect(unlike).toMatch(/^ *unlike\.jpg of bob not answered not answered twin\.jpg of ada 60\.0 0\.5 /);
  });

  it('counts a stranger once, however many photos of them there are', async () => {
    const { searches, ...rest } = anEvaluation({ people: 40, strangers: 90 });
    const ofThree = searches.map(({ stranger, ...search }, index) => ({
      ...search,
      ...(stranger !== undefined && { stranger: `stranger-${index % 3}` }),
    }));
    const text = textOf(
      await toReport({ ...rest, probes: { ...rest.probes, strangers: 3 }, searches: ofThree }),
    );
    expect(text).toContain('of 40 users and of 3 strangers');
    expect(text).toContain('Only 3 strangers were among the photos');
    expect(text).toContain('With 3 strangers, a rate of 0 says next to nothing.');
  });

  it('counts what was not searched by reason, and names some of each', async () => {
    const failures = Array.from({ length: 7 }, (_, index) => ({
      photoName: `dark-${index}.jpg`,
      userId: 'ada',
      reason: 'LOW_BRIGHTNESS',
      message: 'It is too dark.',
    }));
    const failed = { photoName: 'cut.jpg', userId: 'bob', reason: 'FAILED', message: 'It is cut short.' };
    const text = textOf(await toReport(anEvaluation({ people: 3, failures: [failed, ...failures] })));
    expect(text).toMatch(
      /too dark 7 dark-0\.jpg.* dark-4\.jpg *and 2 others.* failed 1 cut\.jpg \(It is cut short\.\)/,
    );
  });

  it('tells of users with more faces, where that was measured', async () => {
    const text = textOf(await toReport(anEvaluation({ people: 30, strangers: 30, facesPerUser: [1, 4] })));
    expect(text).toContain('With more faces per user');
    expect(textOf(await toReport(anEvaluation({ people: 30 })))).not.toContain('With more faces per user');
  });

  it.each([
    ['nothing', { people: 0, strangers: 0 }, 'Nothing was searched, so there is nothing to tell.'],
    [
      'no strangers',
      { strangers: 0 },
      'No stranger was among the photos, so how often strangers get a name is not known.',
    ],
    ['strangers only', { people: 0 }, 'No known person was among the photos'],
    ['one person', { people: 1, strangers: 0 }, 'Only 1 known person was among the photos'],
    ['no thresholds', { people: 2, thresholds: [] }, 'there is nothing to tell'],
    ['no failures', { people: 2, strangers: 2 }, 'Every photo was searched.'],
  ])('says so where there is %s, in place of an empty chart', async (_, made, sentence) => {
    const report = await toReport(anEvaluation(made));
    expect(textOf(report)).toContain(sentence);
    expect(report).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('is small and soon made, however many were searched', async () => {
    const evaluation = anEvaluation({ people: 100, strangers: 100 });
    const searches = Array.from({ length: 100_000 }, (_, index) => evaluation.searches[index % 400]!);
    const before = process.cpuUsage();
    const report = await toReport({ ...evaluation, searches });
    const { user } = process.cpuUsage(before);
    expect(report.length).toBeLessThan(150_000);
    expect(user / 1e6).toBeLessThan(5);
  });

  it('can be made of an evaluation that was kept as JSON', async () => {
    const evaluation = anEvaluation({ people: 10 });
    expect(await toReport(JSON.parse(JSON.stringify(evaluation)))).toBe(await toReport(evaluation));
  });
});

describe('the pictures of a report', () => {
  it('are left out unless they are allowed', async () => {
    expect(await toReport(anEvaluation({ people: 10 }))).not.toContain('<img');
  });

  it('are small copies without metadata, of the worst confusions only', async () => {
    const photo = await sharp(samplePath(1))
      .resize(800)
      .withExif({ IFD0: { Copyright: 'ada' } })
      .toBuffer();
    const asked = new Set<Probe>();
    const pictures = (probe: Probe) => {
      asked.add(probe);
      return fromBuffer(photo);
    };
    const report = await toReport(anEvaluation({ people: 60, strangers: 60 }), { pictures });
    expect(asked.size).toBeGreaterThan(18);
    expect(asked.size).toBeLessThanOrEqual(36);
    const embedded = new Set(
      Array.from(report.matchAll(/src="data:image\/jpeg;base64,([^"]+)"/g), ([, data]) => data!),
    );
    expect(embedded.size).toBe(1);
    const { width, height, exif, icc } = await sharp(Buffer.from([...embedded][0]!, 'base64')).metadata();
    expect({ longest: Math.max(width, height), exif, icc }).toEqual({
      longest: 240,
      exif: undefined,
      icc: undefined,
    });
  });

  it('are left out one by one where a photo cannot be read, or is not to be shown', async () => {
    const pictures = ({ photoName }: Probe) =>
      photoName.endsWith('1.jpg') ? undefined : fromBuffer(Buffer.from('no image'));
    const report = await toReport(anEvaluation({ people: 10 }), { pictures });
    expect(report).not.toContain('<img');
  });
});

describe('what a report cannot be made of', () => {
  it.each([
    ['evaluation', undefined, {}],
    ['evaluation', { searches: [] }, {}],
    ['options.title', anEvaluation({ people: 2 }), { title: 1 }],
    ['options.pictures', anEvaluation({ people: 2 }), { pictures: 'photos' }],
    ['options.picture', anEvaluation({ people: 2 }), { picture: () => undefined }],
    ['what options.pictures answered', anEvaluation({ people: 2 }), { pictures: () => 'ada.jpg' }],
  ])('is refused by its name: %s', async (argument, evaluation, options) => {
    const report = toReport(evaluation as never, options as ReportOptions);
    await expect(report).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  });

  it('is given up with the reason of its signal', async () => {
    const controller = new AbortController();
    const pictures = () => {
      controller.abort(new Error('enough'));
      return fromBuffer(Buffer.from('no image'));
    };
    const report = toReport(anEvaluation({ people: 2 }), { pictures, signal: controller.signal });
    await expect(report).rejects.toThrow('enough');
  });
});

/** What the page says, as one line. */
function textOf(report: string): string {
  const text = report
    .replace(/<(style|title|desc)[\s>].*?<\/\1>/gs, '')
    .replace(/<(?:[^">]|"[^"]*")*>/g, ' ');
  return spaced(text).replace(/ ([,.])/g, '$1');
}

/** With plain spaces, one at a time. */
function spaced(text: string): string {
  return text.replace(/\s+/g, ' ');
}
