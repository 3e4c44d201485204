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
import type { S3ClientLike } from '../images/s3-download.js';
import type { ReadS3Object } from './photos/s3-object.js';
import type { ImportOptions } from './portable/import-collection.js';
import type { Quotas } from './records/quotas.js';
import { checkFaceVectorModel, type FaceVectorModel } from './vision/embed/face-vector-model.js';
import type { Vision } from './vision/vision.js';

/**
 * What a `LocalRekognition` is made of. All of it has a default. What you pass in is yours to close; what the engine
 * makes itself, it closes.
 */
export interface LocalRekognitionOptions {
  /**
   * The models that see and describe faces, instead of the default ones; so `model`, `human` and `workers` are left
   * out beside it. They may serve several engines.
   *
   * @default `FaceModels`, loaded when the first image comes
   */
  vision?: Vision | undefined;
  /**
   * What the default models make face vectors by: `'mobilefacenet-1'`, or an ONNX file of your own. Vectors of one
   * model are not compared with those of another.
   *
   * @default 'mobilefacenet-1'
   */
  model?: FaceVectorModel | undefined;
  /**
   * Lets the default models use the nets of `@vladmandic/human`, under their terms: faces in full profile are then
   * recognised too, the pose is surer, and attributes tell whether eyes are open.
   *
   * @default true where that package is installed
   */
  human?: boolean | undefined;
  /**
   * Worker threads of the default models.
   *
   * @default as many as there are cores, but at most 4
   */
  workers?: number | undefined;
  /**
   * Reads the images that requests name by `S3Object`.
   *
   * @default a client of `@aws-sdk/client-s3` with the environment's settings, made when the first such request comes
   */
  s3?: S3ClientLike | undefined;
  /** Reads the images that requests name by `S3Object` from somewhere else, such as a folder, instead of by `s3`. */
  readS3Object?: ReadS3Object | undefined;
  /** How much fits; Rekognition's own numbers by default. */
  limits?: Partial<Quotas> | undefined;
  /**
   * Keeps collections on disk, in this directory; it is made when there is none. One engine at a time can use it.
   * Takes the package `lmdb`. A relative path counts from where the process works now.
   *
   * @default collections live in the memory of this process, and end with it
   */
  directory?: string | undefined;
}

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
