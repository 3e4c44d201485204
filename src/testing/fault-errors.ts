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
import { InvalidArgumentError } from '../errors.js';

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

/** Those for which the SDK has no class: they come from what stands in front of the service. HTTP status of each. */
const FRAMEWORK = {
  ExpiredTokenException: 400,
  ServiceUnavailableException: 503,
  UnrecognizedClientException: 400,
  ValidationException: 400,
};

type ExceptionName = keyof typeof MODELLED | keyof typeof FRAMEWORK;

/** What can be thrown in place of an answer, by name: the service's exceptions, and a connection that was reset. */
export type ErrorName = ExceptionName | 'ECONNRESET';

const NAMES = [...Object.keys(MODELLED), ...Object.keys(FRAMEWORK), 'ECONNRESET'] as ErrorName[];

/** How the service says it (developer guide, "Handling errors", and messages that were published). */
const MESSAGES: { readonly [Name in ErrorName]?: string } = {
  InternalServerError: 'Internal server error',
  ProvisionedThroughputExceededException: 'Provisioned rate exceeded',
  ServiceUnavailableException: 'Service Unavailable',
  ThrottlingException: 'Slow down; sudden increase in rate of requests.',
  ValidationException: '1 validation error detected',
};

/** What the SDK tries again, and how often it has tried in all before it throws ("Retry behavior", standard mode). */
const RETRIED: readonly ErrorName[] = [
  'ECONNRESET',
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'ServiceUnavailableException',
  'ThrottlingException',
];
const ATTEMPTS = 3;

export function checkError(argument: string, value: unknown): asserts value is ErrorName | Error {
  if (value instanceof Error || NAMES.includes(value as ErrorName)) return;
  throw new InvalidArgumentError(argument, value, `an Error, or one of ${NAMES.join(', ')}`);
}

/** The error that the SDK throws once it has tried as often as it does by default. An error is thrown as it is. */
export function toError(error: ErrorName | Error): Error {
  if (error instanceof Error) return error;
  const tries = { attempts: RETRIED.includes(error) ? ATTEMPTS : 1, totalRetryDelay: 0 };
  if (error === 'ECONNRESET') {
    // The SDK's HTTP handler gives a connection that was reset this name.
    const members = { name: 'TimeoutError', code: error, syscall: 'read', $metadata: tries };
    return Object.assign(new Error('read ECONNRESET'), members);
  }
  const message = MESSAGES[error] ?? `${error} (scripted)`;
  const metadata = (httpStatusCode: number) => ({ httpStatusCode, requestId: randomUUID(), ...tries });
  if (isModelled(error)) {
    const status = error === 'InternalServerError' ? 500 : 400;
    return new MODELLED[error]({ message, Code: error, Logref: randomUUID(), $metadata: metadata(status) });
  }
  const status = FRAMEWORK[error];
  return new RekognitionServiceException({
    name: error,
    message,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: metadata(status),
  });
}

function isModelled(name: ExceptionName): name is keyof typeof MODELLED {
  return name in MODELLED;
}
