import {
  checkCount,
  checkFunction,
  checkMethods,
  checkQualityFilter,
  checkThreshold,
  type OptionChecks,
} from '../arguments.js';
import type { CostOptions } from '../enrollment/plan.js';
import { InvalidArgumentError } from '../errors.js';
import type { FaceCollection } from '../face-collection.js';
import type { ImageSource } from '../images/image-source.js';
import { LIMITS } from '../limits.js';
import { CALL, checkPace, checkPrice } from '../option-checks.js';
import { checkClient } from '../service/client.js';
import type { CallsPerSecond } from '../service/paced-client.js';
import type { CallOptions, Progress, QualityFilter } from '../types.js';

/** Which rates are told, and of how many faces per user. */
export interface EvaluateOptions extends CallOptions {
  /**
   * The thresholds to tell rates with intervals of, 0 to 100.
   *
   * @default [80, 90, 99]
   */
  thresholds?: readonly number[] | undefined;
  /**
   * Wanted shares of strangers' searches that name somebody, above 0 and below 1, to tell thresholds for.
   *
   * @default [0.1, 0.01, 0.001]
   */
  falsePositiveIdentificationRates?: readonly number[] | undefined;
  /**
   * Also evaluates users of so many faces each, 1 to 100, as `[1, 2, 3, 5, 10]`. For each number a scratch collection is
   * made with the same client, enrolled with the first so many photos of everybody who has more, searched for all other
   * photos, and deleted.
   *
   * @default none
   */
  facesPerUser?: readonly number[] | undefined;
  /**
   * How strict to be about poor faces that are searched.
   *
   * @default 'NONE'
   */
  qualityFilter?: QualityFilter | undefined;
  /**
   * Most photos in work at a time.
   *
   * @default 16
   */
  concurrency?: number | undefined;
  /** As for `enrollMany`. */
  pace?: CallsPerSecond | 'none' | undefined;
  /** Called after each photo that was searched, whatever came of it. */
  onProgress?: ((progress: Progress<ImageSource>) => void) | undefined;
}

/** What would be evaluated, and at which price. */
export interface PlanEvaluationOptions
  extends Pick<EvaluateOptions, 'facesPerUser' | 'signal'>,
    CostOptions {}

export const PLAN_EVALUATION: OptionChecks<PlanEvaluationOptions> = {
  ...CALL,
  facesPerUser: listOf((argument, value) => checkCount(argument, value, LIMITS.facesPerUser)),
  pace: checkPace,
  pricePerCall: checkPrice,
};

export const EVALUATE: OptionChecks<EvaluateOptions> = {
  ...CALL,
  thresholds: listOf(checkThreshold),
  falsePositiveIdentificationRates: listOf(checkRate),
  facesPerUser: PLAN_EVALUATION.facesPerUser,
  qualityFilter: checkQualityFilter,
  concurrency: checkCount,
  pace: checkPace,
  onProgress: checkFunction,
};

export function checkCollection(value: unknown): asserts value is FaceCollection {
  checkMethods('collection', value, ['enrollMany', 'searchUsers'], 'a FaceCollection');
  checkClient('collection.client', (value as FaceCollection).client);
}

/** A share of searches. None and all are no rates to aim at. */
export function checkRate(argument: string, value: unknown): void {
  if (typeof value === 'number' && value > 0 && value < 1) return;
  throw new InvalidArgumentError(argument, value, 'a share above 0 and below 1, such as 1 / 1000');
}

/** Each once, and the lowest first. */
export function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function listOf(check: (argument: string, value: unknown) => void) {
  return (argument: string, value: unknown) => {
    if (!Array.isArray(value)) throw new InvalidArgumentError(argument, value, 'an array');
    for (const [index, item] of value.entries()) check(`${argument}[${index}]`, item);
  };
}
