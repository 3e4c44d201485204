import type { Image } from '@aws-sdk/client-rekognition';
import type { Checked } from './protocol/validation.js';
import type { ChangingRecords } from './records/changing-records.js';
import type { Quotas } from './records/quotas.js';
import type { Records } from './records/records.js';
import type { VectorIndexes } from './vector-indexes.js';
import type { Vision } from './vision/vision.js';

/** What an operation works with. */
export interface Engine {
  readonly records: Records;
  readonly indexes: VectorIndexes;
  readonly quotas: Readonly<Quotas>;
  /** Changes records in one step: all of `work` happens, or nothing. */
  change<Result>(work: (records: ChangingRecords) => Result): Promise<Result>;
  /** Removes the contents of deleted collections. */
  purgeDeletedContents(): Promise<void>;
  /** The models, loaded at first use. */
  vision(): Promise<Vision>;
  /** The bytes of a request's image, checked as far as they can be without decoding it. */
  readImage(image: Image, signal: AbortSignal | undefined): Promise<Uint8Array>;
}

/** What an operation answers: the SDK's output, without what only the SDK knows. */
export type Answer<Output> = Omit<Output, '$metadata'>;

/** Answers one operation. The request is valid by itself; whether it makes sense here, the operation checks. */
export type Operation<Request, Output> = (
  request: Checked<Request>,
  engine: Engine,
  signal: AbortSignal | undefined,
) => Promise<Answer<Output>>;
