import {
  checkAttributes,
  checkBoolean,
  checkCount,
  checkExternalImageId,
  checkFaceIds,
  checkFunction,
  checkMargin,
  checkOneOf,
  checkOptions,
  checkQualityFilter,
  checkSignal,
  checkTags,
  checkThreshold,
  checkUserId,
  type OptionChecks,
} from './arguments.js';
import type { AuditOptions, AuditPlanOptions } from './audit/audit.js';
import type { EnrollManyOptions } from './enrollment/bulk-enrollment.js';
import type { EnrollOptions } from './enrollment/enrollment.js';
import type { PlanOptions } from './enrollment/plan.js';
import { InvalidArgumentError } from './errors.js';
import { DEFAULTS, LIMITS, QUOTAS } from './limits.js';
import type { MoveOptions, MovePlanOptions } from './moving/move.js';
import type {
  AssociateOptions,
  CompareOptions,
  CreateOptions,
  DeleteFacesOptions,
  DetectOptions,
  FaceCollectionOptions,
  GroupFacesOptions,
  IndexOptions,
  ListFacesOptions,
  SearchOptions,
  SearchPhotoOptions,
  SearchPhotosOptions,
  WaitOptions,
} from './options.js';
import { checkClient } from './service/client.js';
import type { OutcomeRequest } from './service/outcomes.js';
import type { ImageMatchRequest } from './service/searches.js';
import type { CallOptions } from './types.js';

/** What the options of each method of `FaceCollection` may be. */

export const CALL: OptionChecks<CallOptions> = { signal: checkSignal };

export const COLLECTION: OptionChecks<FaceCollectionOptions> = {
  client: checkClient,
  limitInputPixels: checkCount,
  onCall: checkFunction,
};

export const LIST: OptionChecks<Pick<FaceCollectionOptions, 'client' | 'onCall'> & CallOptions> = {
  ...CALL,
  client: checkClient,
  onCall: checkFunction,
};

export const CREATE: OptionChecks<CreateOptions> = { ...CALL, tags: checkTags };

export const WAIT: OptionChecks<WaitOptions> = { ...CALL, interval: checkCount };

export const ENROLL: OptionChecks<EnrollOptions> = {
  ...CALL,
  severalFaces: oneOf('reject', 'largest', 'all'),
  qualityFilter: checkQualityFilter,
  threshold: checkThreshold,
  duplicateThreshold: checkThreshold,
  concurrency: checkCount,
  keepRejected: checkBoolean,
  onProgress: checkFunction,
};

export const ENROLL_MANY: OptionChecks<EnrollManyOptions> = {
  ...ENROLL,
  pace: checkPace,
  prune: checkBoolean,
};

export const AUDIT: OptionChecks<AuditOptions> = {
  ...CALL,
  threshold: checkThreshold,
  duplicateThreshold: checkThreshold,
  repeatThreshold: checkThreshold,
  minFaces: checkCount,
  concurrency: checkCount,
  pace: checkPace,
  onProgress: checkFunction,
};

export const AUDIT_PLAN: OptionChecks<AuditPlanOptions> = {
  ...CALL,
  pace: checkPace,
  pricePerCall: checkPrice,
};

export const PLAN: OptionChecks<PlanOptions> = { ...AUDIT_PLAN, pricePerVector: checkPrice };

export const MOVE: OptionChecks<MoveOptions> = {
  ...CALL,
  threshold: checkThreshold,
  qualityFilter: checkQualityFilter,
  concurrency: checkCount,
  pace: checkPace,
  onProgress: checkFunction,
};

export const MOVE_PLAN: OptionChecks<MovePlanOptions> = { ...PLAN, concurrency: checkCount };

export const INDEX: OptionChecks<IndexOptions> = {
  ...CALL,
  externalImageId: checkExternalImageId,
  maxFaces: checkCount,
  qualityFilter: checkQualityFilter,
  attributes: checkAttributes,
};

export const LIST_FACES: OptionChecks<ListFacesOptions> = {
  ...CALL,
  userId: (argument, value) => checkUserId(value, argument),
  faceIds: (argument, value) => checkFaceIds(value, argument, LIMITS.faceIdsPerDeletion),
};

export const DELETE_FACES: OptionChecks<DeleteFacesOptions> = { ...CALL, evenIfAssociated: checkBoolean };

export const DETECT: OptionChecks<DetectOptions> = { ...CALL, attributes: checkAttributes };

export const COMPARE: OptionChecks<CompareOptions> = {
  ...CALL,
  threshold: checkThreshold,
  qualityFilter: checkQualityFilter,
};

export const ASSOCIATE: OptionChecks<AssociateOptions> = { ...CALL, threshold: checkThreshold };

export const SEARCH_FACES = searchUpTo(LIMITS.faceMatches);
export const SEARCH_USERS = searchUpTo(LIMITS.userMatches);

/** A search that starts from an id instead: there is no face whose quality could be asked about. */
export function withoutImage(search: OptionChecks<SearchOptions>): OptionChecks<SearchOptions> {
  return { ...search, qualityFilter: leftOut('where a search starts from no image') };
}

/** A search that starts from a user: it is known who that is, and everybody alike is an answer. */
export function fromUser(search: OptionChecks<SearchOptions>): OptionChecks<SearchOptions> {
  return { ...withoutImage(search), margin: leftOut('where a search starts from a user') };
}

export function searchPhotoBy(by: unknown): OptionChecks<SearchPhotoOptions> {
  return {
    ...(by === 'faces' ? SEARCH_FACES : SEARCH_USERS),
    by: oneOf('users', 'faces'),
    uniqueUsers: checkBoolean,
    concurrency: checkCount,
  };
}

const MANY_PHOTOS = { ...CALL, concurrency: checkCount, pace: checkPace, onProgress: checkFunction };

export function searchPhotosBy(by: unknown): OptionChecks<SearchPhotosOptions> {
  return { ...searchPhotoBy(by), ...MANY_PHOTOS };
}

export const GROUP_FACES: OptionChecks<GroupFacesOptions> = {
  ...MANY_PHOTOS,
  faces: oneOf('unknown', 'all'),
  threshold: checkThreshold,
  qualityFilter: checkQualityFilter,
};

/** The options of a search, checked, with their defaults filled in. */
export function searchRequest<Options extends SearchOptions>(
  options: Options,
  checks: OptionChecks<Options>,
): OutcomeRequest & Pick<ImageMatchRequest, 'qualityFilter'> {
  const {
    threshold = DEFAULTS.searchThreshold,
    suggestionThreshold,
    margin = DEFAULTS.margin,
    limit = DEFAULTS.matches,
    qualityFilter = DEFAULTS.searchQualityFilter,
    best,
  } = checkOptions(options, checks);
  if (suggestionThreshold !== undefined && suggestionThreshold >= threshold) {
    const allowed = `a number below the threshold, which is ${threshold}`;
    throw new InvalidArgumentError('options.suggestionThreshold', suggestionThreshold, allowed);
  }
  return { threshold, suggestionThreshold, margin, limit, best, qualityFilter };
}

/** Whether a search starts from the stored face, or the user, of this id. */
export function isIdOf<Key extends 'faceId' | 'userId'>(
  key: Key,
  value: unknown,
): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}

function searchUpTo(mostMatches: number): OptionChecks<SearchOptions> {
  return {
    ...COMPARE,
    suggestionThreshold: checkThreshold,
    margin: checkMargin,
    limit: (argument, value) => checkCount(argument, value, mostMatches),
    best: checkBoolean,
  };
}

function leftOut(where: string) {
  return (argument: string, value: unknown) => {
    throw new InvalidArgumentError(argument, value, `left out ${where}`);
  };
}

function oneOf(...allowed: readonly string[]) {
  return (argument: string, value: unknown) => checkOneOf(argument, value, allowed);
}

export function checkPace(argument: string, value: unknown): void {
  if (value === 'none') return;
  const allowed = `'none', or calls a second by operation: ${Object.keys(QUOTAS.callsPerSecond).join(', ')}`;
  if (typeof value !== 'object' || value === null) throw new InvalidArgumentError(argument, value, allowed);
  for (const [operation, quota] of Object.entries(value)) {
    if (!Object.hasOwn(QUOTAS.callsPerSecond, operation))
      throw new InvalidArgumentError(argument, operation, allowed);
    if (quota !== undefined && !(typeof quota === 'number' && quota > 0)) {
      throw new InvalidArgumentError(`${argument}.${operation}`, quota, 'a number above 0');
    }
  }
}

export function checkPrice(argument: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return;
  throw new InvalidArgumentError(argument, value, 'a number of 0 or more');
}
