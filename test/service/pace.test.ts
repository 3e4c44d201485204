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
    expect(callsPerSecond(new Pace(100), 4)).toEqual([96, 95, 95, 95]);
    expect(callsPerSecond(new Pace(1 / 0.95), 4)).toEqual([1, 1, 1, 1]);
  });

  it('does not make up for a time in which nobody called', () => {
    const pace = new Pace(10 / 0.95);
    expect(pace.reserve(1e6)).toBe(0);
    expect([1, 2, 3].map(() => Math.round(pace.reserve(2e6)))).toEqual([0, 100, 200]);
  });

  it('is decreased once for a burst that is throttled, and again for the next', () => {
    const pace = new Pace(100 / 0.95);
    for (let n = 0; n < 20; n++) pace.throttled(1e6 + n);
    expect(callsPerSecond(pace, 3).slice(1)).toEqual([70, 70]);
    pace.throttled(2e6);
    expect(callsPerSecond(pace, 3, { begin: 2e6 }).slice(1)).toEqual([49, 49]);
  });

  it('grows back to the quota with calls that succeed, and no further', () => {
    const pace = new Pace(40 / 0.95);
    pace.throttled(1e6);
    const counts = callsPerSecond(pace, 10, { atEach: () => pace.succeeded() });
    expect(counts[0]).toBeLessThan(35);
    expect(counts.at(-1)).toBe(40);
  });

  it('never stops', () => {
    const pace = new Pace(40);
    for (let n = 0; n < 100; n++) pace.throttled(1e6 + 1000 * n);
    expect(callsPerSecond(pace, 9)).toContain(1);
  });
});
