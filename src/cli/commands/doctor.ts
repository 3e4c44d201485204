import { styleText } from 'node:util';
import type { Check } from '../checks/check.js';
import { checkMachine } from '../checks/machine.js';
import { checkModels } from '../checks/models.js';
import { checkPackages } from '../checks/packages.js';
import { checkEnvironment, checkService } from '../checks/service.js';
import { checkStore } from '../checks/store.js';
import { onEngine } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer } from '../output.js';
import { isRemote } from '../place.js';

export const doctor = () =>
  onEngine('doctor', 'look whether all is there that it takes, and say what mends what is not', [
    'rekollect doctor',
    'rekollect doctor --local /var/lib/faces        also while a server uses it',
    'rekollect doctor --aws --region eu-west-1      credentials, and a call that changes nothing',
  ]).action(async (options) => {
    const signal = untilInterrupted();
    const checks = isRemote(options)
      ? [...checkMachine(), ...checkPackages('remote'), ...(await checkService(options, signal))]
      : [
          ...checkMachine(),
          ...checkPackages('local'),
          ...(await checkModels()),
          ...(await checkStore(options.local)),
          checkEnvironment(process.env),
        ];
    signal.throwIfAborted();
    const isWell = checks.every(({ status }) => status !== 'fail');
    answer(options, { ok: isWell, checks }, checks.flatMap(inWords));
    if (!isWell) process.exitCode = 1;
  });

const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function inWords({ status, message, mend }: Check): string[] {
  return [
    `${styleText(COLORS[status], status.padEnd(4))}  ${message}`,
    ...(mend === undefined ? [] : [`      ${mend}`]),
  ];
}
