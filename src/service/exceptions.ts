import { randomUUID } from 'node:crypto';
import {
  AccessDeniedException,
  ConflictException,
  IdempotentParameterMismatchException,
  ImageTooLargeException,
  InternalServerError,
  InvalidImageFormatException,
  InvalidPaginationTokenException,
  InvalidParameterException,
  InvalidS3ObjectException,
  ProvisionedThroughputExceededException,
  RekognitionServiceException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ThrottlingException,
} from '@aws-sdk/client-rekognition';

/** What operations about faces, collections and users throw, as far as the SDK has a class for it. */
const MODELLED = {
  AccessDeniedException,
  ConflictException,
  IdempotentParameterMismatchException,
  ImageTooLargeException,
  InternalServerError,
  InvalidImageFormatException,
  InvalidPaginationTokenException,
  InvalidParameterException,
  InvalidS3ObjectException,
  ProvisionedThroughputExceededException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ThrottlingException,
};

export type ModelledException = keyof typeof MODELLED;

export const MODELLED_EXCEPTIONS = Object.keys(MODELLED) as ModelledException[];

/**
 * The exception that the SDK throws by this name. Where it has no class for it, as for what comes from the framework in
 * front of the service, it is a `RekognitionServiceException`.
 *
 * @param $fault of an exception without a class, which says it itself
 */
export function serviceException(
  name: string,
  message: string,
  { $metadata, $fault }: Pick<RekognitionServiceException, '$metadata' | '$fault'>,
): RekognitionServiceException {
  return isModelled(name)
    ? new MODELLED[name]({ message, Code: name, Logref: randomUUID(), $metadata })
    : new RekognitionServiceException({ name, $fault, message, $metadata });
}

function isModelled(name: string): name is ModelledException {
  return Object.hasOwn(MODELLED, name);
}
