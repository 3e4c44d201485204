import { median } from '../figures.js';

/** Two or more contestants' work, by name. */
type Contestants<Name extends string> = Record<Name, () => Promise<unknown>>;

/** Milliseconds that each took, round by round. */
export type Rounds<Name extends string> = readonly Record<Name, number>[];

/**
 * Lets contestants do their work one after the other, round after round, so that whatever else the machine does
 * disturbs them alike. Before the first round each does it three times, or as often as there are rounds: what runs
 * often is compiled by then, as in a service.
 */
export async function sideBySide<Name extends string>(
  rounds: number,
  contestants: Contestants<Name>,
): Promise<Rounds<Name>> {
  const names = Object.keys(contestants) as Name[];
  for (let warmUp = 0; warmUp < Math.min(rounds, 3); warmUp++)
    for (const name of names) await contestants[name]();
  const results: Record<Name, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    const times = {} as Record<Name, number>;
    for (const name of names) {
      const start = performance.now();
      await contestants[name]();
      times[name] = performance.now() - start;
    }
    results.push(times);
  }
  return results;
}

export function medianOf<Name extends string>(rounds: Rounds<Name>, name: Name): number {
  return median(rounds.map((times) => times[name]));
}

/** How many times as fast one was as another. */
export function speedup<Name extends string>(rounds: Rounds<Name>, fast: Name, slow: Name): number {
  return median(rounds.map((times) => times[slow] / times[fast]));
}
