import {
  checkBoolean,
  checkCount,
  checkFunction,
  checkMethods,
  checkOptions,
  checkS3Client,
  checkSignal,
  checkString,
  type OptionChecks,
} from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { LocalRekognitionOptions } from './local-rekognition.js';
import type { ImportOptions } from './portable/import-collection.js';
import type { Quotas } from './records/quotas.js';
import { checkFaceVectorModel } from './vision/embed/face-vector-model.js';

const ENGINE: OptionChecks<LocalRekognitionOptions> = {
  vision: (argument, value) => checkMethods(argument, value, ['analyze'], 'FaceModels'),
  model: (_, value) => checkFaceVectorModel(value),
  human: checkBoolean,
  workers: checkCount,
  s3: checkS3Client,
  readS3Object: checkFunction,
  limits: (argument, value) => checkOptions(value as Partial<Quotas>, QUOTAS, argument),
  directory: (argument, value) => {
    if (typeof value !== 'string' || value === '')
      throw new InvalidArgumentError(argument, value, 'the path of a directory');
  },
};

const QUOTAS: OptionChecks<Partial<Quotas>> = {
  collections: checkQuota,
  facesPerCollection: checkQuota,
  usersPerCollection: checkQuota,
  facesPerUser: checkQuota,
};

/** What is about something that another option replaces, so that it would do nothing. */
const REPLACED: readonly (readonly [
  option: keyof LocalRekognitionOptions,
  by: keyof LocalRekognitionOptions,
])[] = [
  ['model', 'vision'],
  ['human', 'vision'],
  ['workers', 'vision'],
  ['s3', 'readS3Object'],
];

/** @throws InvalidArgumentError now and not when the first image comes */
export function checkEngineOptions(options: LocalRekognitionOptions): void {
  checkOptions(options, ENGINE);
  for (const [option, by] of REPLACED)
    if (options[option] !== undefined && options[by] !== undefined)
      throw new InvalidArgumentError(`options.${option}`, options[option], `left out where ${by} is given`);
}

export const IMPORT: OptionChecks<ImportOptions> = {
  collectionId: checkString,
  replace: checkBoolean,
  signal: checkSignal,
};

function checkQuota(argument: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0))
    throw new InvalidArgumentError(argument, value, 'a number of at least 0');
}
