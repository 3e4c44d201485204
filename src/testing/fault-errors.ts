import { randomUUID } from 'node:crypto';
import { InvalidArgumentError } from '../errors.js';
import { MODELLED_EXCEPTIONS, type ModelledException, serviceException } from '../service/exceptions.js';

/** Those for which the SDK has no class: they come from what stands in front of the service. */
const FRAMEWORK = [
  'ExpiredTokenException',
  'ServiceUnavailableException',
  'UnrecognizedClientException',
  'ValidationException',
] as const;

/** What can be thrown in place of an answer, by name: the service's exceptions, and a connection that was reset. */
export type ErrorName = ModelledException | (typeof FRAMEWORK)[number] | 'ECONNRESET';

const NAMES: readonly ErrorName[] = [...MODELLED_EXCEPTIONS, ...FRAMEWORK, 'ECONNRESET'];

/** How the service says it (developer guide, "Handling errors", and messages that were published). */
const MESSAGES: { readonly [Name in ErrorName]?: string } = {
  InternalServerError: 'Internal server error',
  ProvisionedThroughputExceededException: 'Provisioned rate exceeded',
  ServiceUnavailableException: 'Service Unavailable',
  ThrottlingException: 'Slow down; sudden increase in rate of requests.',
  ValidationException: '1 validation error detected',
};

/** HTTP status, where it is not 400. */
const STATUS: { readonly [Name in ErrorName]?: number } = {
  InternalServerError: 500,
  ServiceUnavailableException: 503,
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
  const httpStatusCode = STATUS[error] ?? 400;
  return serviceException(error, message, {
    $fault: httpStatusCode >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode, requestId: randomUUID(), ...tries },
  });
}
