/*
 * Counts what operations said they did, through a proxy that throttles, fails, resets, delays and loses
 * answers, against what the collection holds afterwards.
 *
 *     npm run bench -- faults [--calls 500] [--seed 1] [--json FILE]
 *
 * Enrols, erases, associates and deletes faces as often as that under each kind of weather. Needs no models,
 * and takes about ten minutes. Fails when anything that was said was not true.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { mapBounded } from '../src/bounded.js';
import { randomNumbers } from '../src/evaluation/random.js';
import type { FaultRates } from './faults/fault-proxy.js';
import { faultTrials, type Outcome, type Trial } from './faults/trials.js';

const { values } = parseArgs({
  strict: false,
  options: {
    calls: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

const BAD_DAY: FaultRates = { throttle: 0.3, failure: 0.05, reset: 0.05, delay: 0.1 };

const WEATHERS: Record<string, { rates: FaultRates; attempts: number; givenUpWithinMs?: number }> = {
  'throttled, failing and reset': { rates: BAD_DAY, attempts: 1 },
  'the same, with the SDK trying three times': { rates: BAD_DAY, attempts: 3 },
  'every third answer is lost': { rates: { lostAnswer: 0.3 }, attempts: 1 },
  'given up early amid lost answers': {
    rates: { lostAnswer: 0.1, delay: 0.9 },
    attempts: 1,
    givenUpWithinMs: 500,
  },
};

const AT_A_TIME = 24;

const rows: { weather: string; operation: string; calls: number; reported: object; untrue: object }[] = [];
for (const [weather, { rates, attempts, givenUpWithinMs }] of Object.entries(WEATHERS)) {
  const random = randomNumbers(Number(values.seed));
  const { trials, close } = await faultTrials(rates, random, attempts);
  const signal = givenUpWithinMs
    ? () => AbortSignal.timeout(Math.ceil(givenUpWithinMs * random()))
    : undefined;
  for (const [operation, trial] of Object.entries(trials) as [string, Trial][]) {
    const calls = Array.from({ length: Number(values.calls) });
    const outcomes: Outcome[] = await mapBounded(calls, pLimit(AT_A_TIME), () => trial(signal));
    rows.push({
      weather,
      operation,
      calls: calls.length,
      reported: counts(outcomes.map(({ reported }) => reported)),
      untrue: counts(outcomes.flatMap(({ untrue }) => [...new Set(untrue)])),
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
  await close();
}
if (values.json !== undefined) await writeFile(String(values.json), JSON.stringify(rows, null, 2));
if (rows.some(({ untrue }) => Object.keys(untrue).length > 0)) process.exitCode = 1;

function counts(words: readonly string[]): Record<string, number> {
  const count: Record<string, number> = {};
  for (const word of words) count[word] = (count[word] ?? 0) + 1;
  return count;
}
