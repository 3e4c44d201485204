import { randomUUID } from 'node:crypto';
import {
  ConflictException,
  IdempotentParameterMismatchException,
  ImageTooLargeException,
  InvalidImageFormatException,
  InvalidPaginationTokenException,
  InvalidParameterException,
  InvalidS3ObjectException,
  RekognitionServiceException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
} from '@aws-sdk/client-rekognition';

const MODELLED = {
  ConflictException,
  IdempotentParameterMismatchException,
  ImageTooLargeException,
  InvalidImageFormatException,
  InvalidPaginationTokenException,
  InvalidParameterException,
  InvalidS3ObjectException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
};

/** Come from the framework in front of the service, so the SDK has no class for them. */
type Framework = 'ValidationException' | 'SerializationException' | 'UnknownOperationException';

/** Every reason this engine refuses a request for, by the name of the exception. */
export type RefusalName = keyof typeof MODELLED | Framework;

/** The exception that the SDK would throw, had Rekognition refused the request. `$metadata` is filled in by the engine. */
export function refusal(name: RefusalName, message: string, cause?: unknown): RekognitionServiceException {
  const exception = isModelled(name)
    ? new MODELLED[name]({ message, Code: name, Logref: randomUUID(), $metadata: {} })
    : new RekognitionServiceException({ name, $fault: 'client', message, $metadata: {} });
  if (cause !== undefined) exception.cause = cause;
  return exception;
}

function isModelled(name: RefusalName): name is keyof typeof MODELLED {
  return name in MODELLED;
}
