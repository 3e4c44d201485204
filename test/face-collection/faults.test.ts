import { expect, it, onTestFinished } from 'vitest';
import { faultTrials } from '../../bench/faults/trials.js';
import { randomNumbers } from '../../src/evaluation/random.js';

/** `npm run bench -- faults` does this some thousand times. */
it.each([
  [
    'a proxy that throttles, fails, resets and delays',
    { throttle: 0.3, failure: 0.05, reset: 0.05, delay: 0.1 },
  ],
  ['a proxy that loses every third answer', { lostAnswer: 0.3 }],
])('says the truth through %s', async (_, rates) => {
  const { trials, close } = await faultTrials(rates, randomNumbers(1));
  onTestFinished(close);
  const some = Array.from({ length: 8 });
  for (const trial of Object.values(trials)) {
    const outcomes = await Promise.all(some.map(() => trial()));
    expect(outcomes.flatMap(({ untrue }) => untrue)).toEqual([]);
  }
});

it('says the truth when it is given up amid lost answers', async () => {
  const random = randomNumbers(2);
  const { trials, close } = await faultTrials({ lostAnswer: 0.2, delay: 0.8 }, random);
  onTestFinished(close);
  for (const trial of Object.values(trials)) {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => trial(() => AbortSignal.timeout(Math.ceil(150 * random())))),
    );
    expect(outcomes.flatMap(({ untrue }) => untrue)).toEqual([]);
  }
});
