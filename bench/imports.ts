/*
 * What importing the built package costs beside the AWS client, which it imports: CPU time of a whole process, without
 * what Node takes to start.
 *
 *     npm run build && npm run bench -- imports
 */
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { median, toTable } from './figures.js';

const ROUNDS = 31;

/** @returns milliseconds of CPU time */
function importing(specifier: string): number {
  const script = `
    const before = process.cpuUsage();
    await import(${JSON.stringify(specifier)});
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(String((user + system) / 1000));`;
  return Number(execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script]));
}

const own = pathToFileURL('dist/index.js').href;
const rounds = Array.from(
  { length: ROUNDS },
  () => [importing(own), importing('@aws-sdk/client-rekognition')] as const,
);
const times = median(rounds.map(([ours, peer]) => ours / peer));
console.log('The peer is @aws-sdk/client-rekognition.\n');
console.log(
  toTable([
    {
      name: 'import',
      ours: median(rounds.map(([ours]) => ours)),
      peer: median(rounds.map(([, peer]) => peer)),
      unit: 'ms',
    },
    { name: 'so many times as long', ours: times, unit: 'x', target: { atMost: 1.15 } },
  ]),
);
