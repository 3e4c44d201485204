import type { Probe } from '../evaluation.js';

/** How many people are in these photos who are not in the collection: each once, however many photos they have. */
export function countStrangers(probes: readonly Probe[]): number {
  const strangers = probes.flatMap(({ userId, stranger, photoName }) =>
    userId === undefined ? [stranger ?? photoName] : [],
  );
  return new Set(strangers).size;
}
