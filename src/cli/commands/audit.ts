import type { AuditFinding, UserAudit } from '../../index.js';
import { number, onCollection, wholeNumber } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted, pacedBy, problemOf, warn } from '../output.js';
import { withCollection } from '../place.js';
import { draw, wipe } from '../progress.js';
import { nameOf } from '../user-names.js';

export const audit = () =>
  onCollection(
    'audit',
    'find photos of somebody else among those of a person, and people who are enrolled twice',
    [
      'rekollect audit',
      'rekollect audit --plan --aws                     what it would take',
      'rekollect audit --json | jq ".findings[]"',
    ],
  )
    .option(
      '--threshold <similarity>',
      'how alike two faces of one person are at least; default: 80',
      number('threshold'),
    )
    .option(
      '--duplicate-threshold <similarity>',
      'how alike two users are that look like one person; default: 99',
      number('duplicate-threshold'),
    )
    .option(
      '--min-faces <number>',
      'with how many photos a user is good enough; default: 3',
      wholeNumber('min-faces'),
    )
    .option('--plan', 'only count the calls and the time that it takes')
    .action(async (options) => {
      const { threshold, duplicateThreshold, minFaces, plan: isPlan } = options;
      const signal = untilInterrupted();
      await withCollection(options, {}, async (collection) => {
        if (isPlan) {
          const plan = await collection.planAudit({ signal });
          answer(options, plan, `${counted(plan.billedCalls, 'billed call')}${pacedBy(plan)}`);
          return;
        }
        const each = collection.auditEach({
          ...{ threshold, duplicateThreshold, minFaces, signal },
          onProgress: ({ done, total, latest }) =>
            draw({ done, total, latest: 'userId' in latest ? nameOf(latest.userId) : latest.faceId }),
        });
        let step = await each.next();
        for (; !step.done; step = await each.next())
          if (!options.json && !answer(options, step.value, inWords(step.value))) return;
        wipe();
        const report = step.value;
        answer(options, report, sumInWords(report));
        for (const { error } of report.failed) warn(options, problemOf(error));
        if (report.stopped !== undefined) throw report.stopped;
        if (report.failed.length > 0) process.exitCode = 1;
      });
    });

function inWords({ kind, message }: AuditFinding): string {
  return `${kind}: ${message}`;
}

function sumInWords({ users, faces, findings }: UserAudit): string {
  const seen = `${counted(users, 'user')}, ${counted(faces, 'face')}`;
  return `${seen}: ${findings.length === 0 ? 'nothing to look at' : `${counted(findings.length, 'finding')} to look at`}`;
}
