import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/service/pace.js';

/** How many calls can be made in each of some seconds, where there are always some that wait. */
function callsPerSecond(
  pace: Pace,
  seconds: number,
  { begin = 1e6, atEach = () => {} }: { begin?: number; atEach?: () => void } = {},
): number[] {
  const counts = Array.from({ length: seconds }, () => 0);
  for (let now = begin; now < begin + 1000 * seconds; ) {
    atEach();
    now += pace.reserve(now);
    const second = Math.floor((now - begin) / 1000);
    if (second < seconds) counts[second]! += 1;
  }
  return counts;
}

describe('a pace', () => {
  it('lets calls be made evenly, under the quota', () => {
    // What is caught up with in the first second is a fifth of a second's calls.
    expect(callsPerSecond(new Pace(50), 4)).toEqual([60, 50, 50, 50]);
    expect(callsPerSecond(new Pace(2), 4)).toEqual([2, 2, 2, 2]);
  });

  it('makes up for late timers, and not for a pause', () => {
    const pace = new Pace(10);
    expect(pace.reserve(1e6)).toBe(0);
    expect(Array.from({ length: 4 }, () => pace.reserve(2e6))).toEqual([0, 0, 0, 100]);
  });

  it('is halved once for a burst that is throttled, and again for the next', () => {
    const pace = new Pace(40);
    for (let n = 0; n < 20; n++) pace.throttled(1e6 + n);
    expect(callsPerSecond(pace, 3).slice(1)).toEqual([20, 20]);
    pace.throttled(2e6);
    expect(callsPerSecond(pace, 3, { begin: 2e6 }).slice(1)).toEqual([10, 10]);
  });

  it('grows back to the quota with calls that succeed, and no further', () => {
    const pace = new Pace(40);
    pace.throttled(1e6);
    const counts = callsPerSecond(pace, 20, { atEach: () => pace.succeeded() });
    expect(counts[1]).toBeLessThan(30);
    expect(counts.at(-1)).toBe(40);
  });

  it('never stops', () => {
    const pace = new Pace(40);
    for (let n = 0; n < 100; n++) pace.throttled(1e6 + 1000 * n);
    expect(callsPerSecond(pace, 9)).toContain(1);
  });
});
