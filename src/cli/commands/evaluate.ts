import { writeFile } from 'node:fs/promises';
import type { Evaluation, Probe } from '../../evaluation/index.js';
import type { ImageSource } from '../../index.js';
import { collect, onCollection, wholeNumber } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted, pacedBy } from '../output.js';
import { peopleOf } from '../photos.js';
import { type PlaceOptions, withCollection } from '../place.js';
import { draw, wipe } from '../progress.js';
import { UsageError } from '../usage-error.js';

export const evaluate = () =>
  onCollection('evaluate', 'measure how well people are told apart, on photos of whom you know', [
    'rekollect evaluate probes/                               probes/ada/*.jpg: other photos than those enrolled',
    'rekollect evaluate probes/ --report report.html --pictures',
    'rekollect evaluate probes/ --plan --aws                  what it would take',
  ])
    .argument('<probes>', 'a folder, or s3://bucket/prefix, with a folder for each person, strangers too')
    .option('--report <file>', 'write a page with charts, which needs no network')
    .option('--pictures', 'put small copies of the photos that were confused into the report')
    .option(
      '--faces-per-user <number>',
      'also measure users of so many faces, enrolled from these photos; may be given again',
      collect(wholeNumber('faces-per-user')),
    )
    .option('--plan', 'only count the calls and the time that it takes')
    .action(async (folder, options) => {
      const { report, pictures, facesPerUser, plan: isPlan } = options;
      if (pictures && report === undefined)
        throw new UsageError('--pictures is for a report. Give --report too.');
      const signal = untilInterrupted();
      const probes = await peopleOf(folder, options);
      await withCollection(options, { photos: true }, async (collection) => {
        const { evaluate, planEvaluation, toReport } = await import('../../evaluation/index.js');
        if (isPlan) {
          const plan = await planEvaluation(collection, probes, { facesPerUser, signal });
          const text = `${counted(plan.photos, 'photo')}: ${plan.billedCalls} billed calls${pacedBy(plan)}`;
          answer(options, plan, text);
          return;
        }
        const evaluation = await evaluate(collection, probes, {
          facesPerUser,
          signal,
          onProgress: ({ done, total, latest }) =>
            draw({ done, total, latest: latest.photoName ?? latest.name }),
        });
        wipe();
        if (report !== undefined) {
          const sources = pictures ? await sourcesOf(folder, options) : undefined;
          const pictureOf = ({ userId, stranger, photoName }: Probe) =>
            sources?.get(keyOf(userId ?? stranger, photoName));
          await writeFile(
            report,
            await toReport(evaluation, { ...(sources && { pictures: pictureOf }), signal }),
          );
        }
        answer(options, evaluation, [
          ...inWords(evaluation),
          ...(report === undefined ? [] : [`See ${report}`]),
        ]);
      });
    });

const keyOf = (userId: string | undefined, photoName: string) => JSON.stringify([userId, photoName]);

async function sourcesOf(folder: string, place: PlaceOptions): Promise<Map<string, ImageSource>> {
  const sources = new Map<string, ImageSource>();
  for await (const entry of await peopleOf(folder, place)) {
    if ('leftOut' in entry) continue;
    for await (const image of entry.images)
      sources.set(keyOf(entry.userId, image.photoName ?? image.name), image);
  }
  return sources;
}

function inWords({ probes, failures, leftOut, ...evaluation }: Evaluation): string[] {
  const aside = [
    ...(probes.enrolled > 0 ? [`${probes.enrolled} passed over, for they are enrolled`] : []),
    ...(failures.length > 0 ? [`${failures.length} could not be searched`] : []),
    ...(leftOut.length > 0 ? [`${counted(leftOut.length, 'file')} left out`] : []),
  ].map((note) => `; ${note}`);
  return [
    `${counted(probes.photos, 'photo')} of ${counted(probes.people, 'user')} and ${counted(probes.strangers, 'stranger')}${aside.join('')}`,
    'threshold\tnamed rightly\tnamed wrongly\tstrangers named',
    ...(['users', 'faces'] as const).flatMap((by) =>
      evaluation[by].atThresholds.map((rates) =>
        [
          `${rates.threshold}, by ${by}`,
          percent(rates.truePositiveIdentificationRate),
          percent(rates.misidentificationRate),
          percent(rates.falsePositiveIdentificationRate),
        ].join('\t'),
      ),
    ),
  ];
}

function percent(rate: { value: number; from: number; to: number } | undefined): string {
  if (!rate) return 'no photo';
  const [value, from, to] = [rate.value, rate.from, rate.to].map((share) => (100 * share).toFixed(1));
  return `${value} % (${from} to ${to})`;
}
