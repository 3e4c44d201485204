import type { Accuracy, Estimate, Evaluation, RatesAtThreshold } from '../evaluation.js';
import type { Way } from './ways.js';

export type Rate = Exclude<keyof RatesAtThreshold, 'threshold'>;

/** Rekognition's documentation advises 99 where a wrong name costs much; it is the article's too. */
const USUAL_THRESHOLD = 99;

/** The threshold that answers are given for: 99, or else the highest that was looked at. */
export function mainThreshold(evaluation: Evaluation): number | undefined {
  const thresholds = thresholdsOf(evaluation);
  return thresholds.includes(USUAL_THRESHOLD) ? USUAL_THRESHOLD : thresholds.at(-1);
}

/** The thresholds that rates are known at, by one way at least, lowest first. */
export function thresholdsOf({ faces, users }: Evaluation): number[] {
  const all = [...faces.atThresholds, ...users.atThresholds].map(({ threshold }) => threshold);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Undefined below `knownFrom`, and where the threshold was not asked for. */
export function ratesAt({ atThresholds }: Accuracy, threshold: number): RatesAtThreshold | undefined {
  return atThresholds.find((rates) => rates.threshold === threshold);
}

/** A rate at a threshold, by each way by which it is known. */
export function ratesOfBoth(
  { faces, users }: Pick<Evaluation, Way>,
  threshold: number,
  rate: Rate,
): Partial<Record<Way, Estimate>> {
  return knownOf(ratesAt(faces, threshold)?.[rate], ratesAt(users, threshold)?.[rate]);
}

/** Estimates by the ways of which there is one. */
export function knownOf(
  faces: Estimate | undefined,
  users: Estimate | undefined,
): Partial<Record<Way, Estimate>> {
  return { ...(faces && { faces }), ...(users && { users }) };
}
