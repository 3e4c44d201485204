import { Option } from '@commander-js/extra-typings';
import type { BulkEnrollment, EnrollmentPlan, People, PersonEnrollment } from '../../index.js';
import { QUALITY_FILTERS } from '../../limits.js';
import { number, onCollection, wholeNumber } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted, pacedBy, problemOf, warn } from '../output.js';
import { peopleOf } from '../photos.js';
import { withCollection } from '../place.js';
import { draw, isProgressDrawn, wipe } from '../progress.js';
import { UsageError } from '../usage-error.js';
import { nameOf } from '../user-names.js';

export const enroll = () =>
  onCollection('enroll', 'make people known, from a folder with a folder for each', [
    'rekollect enroll people/                        people/ada/*.jpg, people/bob/*.jpg …',
    'rekollect enroll s3://acme-photos/people --aws --region eu-west-1',
    'rekollect enroll people/ --plan --aws           what it would take, and does nothing',
    'rekollect enroll people/ --prune                again: adds what is new, forgets what is gone',
  ])
    .argument('<people>', 'a folder, or s3://bucket/prefix')
    .option('--plan', 'only count the calls and the time that it takes at most')
    .option('--prune', 'delete the faces of photos that are gone')
    .addOption(
      new Option('--several-faces <what>', 'what to do with photos of several people')
        .choices(['reject', 'largest', 'all'] as const)
        .default('reject' as const),
    )
    .option(
      '--threshold <similarity>',
      'how alike the photos of a person must be, 0 to 100; default: 75',
      number('threshold'),
    )
    .option(
      '--duplicate-threshold <similarity>',
      'also tell who is like somebody else, from this on; 99 suits',
      number('duplicate-threshold'),
    )
    .addOption(
      new Option('--quality-filter <filter>', 'how strict to be about poor faces; default: AUTO').choices(
        QUALITY_FILTERS,
      ),
    )
    .option('--concurrency <number>', 'most photos in work; default: 16', wholeNumber('concurrency'))
    .action(async (folder, options) => {
      const { plan: isPlan, prune, severalFaces, threshold, duplicateThreshold, concurrency } = options;
      const { qualityFilter } = options;
      const signal = untilInterrupted();
      const people = await peopleOf(folder, options);
      const needs = isPlan ? { collections: undefined } : { photos: true, collections: 'made' as const };
      await withCollection(options, needs, async (collection) => {
        if (isPlan) {
          const plan = await collection.planEnrollment(people, { signal });
          answer(options, plan, planInWords(plan));
          return;
        }
        await collection.create({ signal });
        const total = isProgressDrawn() ? await count(people, signal) : undefined;
        const each = collection.enrollEach(people, {
          ...{ prune, severalFaces, threshold, duplicateThreshold, qualityFilter, concurrency, signal },
        });
        let done = 0;
        draw({ done, total, latest: '' });
        let step = await each.next();
        for (; !step.done; step = await each.next()) {
          const person = step.value;
          if (!options.json) answer(options, person, personInWords(person));
          draw({ done: ++done, total, latest: nameOf(person.userId) });
        }
        wipe();
        const report = step.value;
        answer(options, report, reportInWords(report));
        for (const { userId, error } of report.failed)
          warn(options, { ...problemOf(error), message: `${nameOf(userId)}: ${error.message}` });
        if (report.stopped !== undefined) throw report.stopped;
        if (report.people === 0)
          throw new UsageError(
            `${folder} has no folders. Make one for each person, with their photos in it.`,
          );
        if (report.failed.length > 0) process.exitCode = 1;
      });
    });

async function count(people: People, signal: AbortSignal): Promise<number> {
  let persons = 0;
  for await (const entry of people) {
    signal.throwIfAborted();
    if (!('leftOut' in entry)) persons += 1;
  }
  return persons;
}

function personInWords(person: PersonEnrollment): string {
  const name = nameOf(person.userId);
  switch (person.status) {
    case 'enrolled': {
      const { images, rejected, duplicateOf } = person.enrollment;
      const like = duplicateOf
        ? `, and like ${nameOf(duplicateOf.userId)} (${duplicateOf.similarity.toFixed(1)} %)`
        : '';
      return `${name}: ${images.length - rejected.length} of ${counted(images.length, 'photo')}${like}`;
    }
    case 'unchanged':
      return `${name}: nothing new in ${counted(person.photos, 'photo')}`;
    default:
      return `${name}: failed`;
  }
}

function reportInWords(report: BulkEnrollment): string[] {
  const { people, photos, associated, known, rejected, findings, former, leftOut, otherUsers } = report;
  const gone = former.filter(({ status }) => status === 'gone');
  const notes = [
    ...rejected.map(({ message }) => message),
    ...findings.map(({ message }) => message),
    ...leftOut.map((file) => `${file.leftOut} was left out: ${file.reason}`),
    ...gone.map(({ userId, photo, deleted }) =>
      deleted
        ? `${nameOf(userId)}: ${photo} is gone, and so are its faces`
        : `${nameOf(userId)}: ${photo} is gone. --prune deletes its faces`,
    ),
    ...(otherUsers.length > 0 ? [`Not among these people: ${otherUsers.map(nameOf).join(', ')}`] : []),
  ];
  return [
    `${counted(people, 'person', 'people')}, ${counted(photos, 'photo')}: ${associated} new, ${known} known before, ${rejected.length} of no use`,
    ...notes.map((note) => `  ${note}`),
  ];
}

function planInWords(plan: EnrollmentPlan): string {
  const { people, photos, leftOut, billedCalls, vectors } = plan;
  const aside = leftOut.length > 0 ? ` (and ${counted(leftOut.length, 'file')} left out)` : '';
  return `${counted(people, 'person', 'people')}, ${counted(photos, 'photo')}${aside}: ${billedCalls} billed calls, ${vectors} vectors to keep${pacedBy(plan)}`;
}
