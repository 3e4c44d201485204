import { randomUUID } from 'node:crypto';
import { EngineBusyError } from '../local/index.js';
import { TooManyBytesError } from './bytes-in-flight.js';
import { FrameworkException } from './framework-exception.js';

/** The content type of everything the service says. */
export const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** An error as it goes over the wire. */
export interface Envelope {
  readonly status: FrameworkException['status'] | 500;
  readonly type: string;
  readonly body: Readonly<Record<string, string>>;
}

/** An exception of the service, by whichever copy of the SDK it was made. */
interface ServiceError extends Error {
  $fault: 'client' | 'server';
  Code?: string;
  Logref?: string;
}

/**
 * The envelope of an error. There are two: errors of the service have `Code`, `Logref` and a capital `Message`, those
 * of the framework in front of it a small `message` alone (the developer guide, "Handling errors", prints the first;
 * logs of refused requests show the second). All else is an error of ours, of which the answer says nothing.
 */
export function toEnvelope(error: unknown): Envelope {
  if (error instanceof FrameworkException) return ofFramework(error.status, error.type, error.message);
  if (error instanceof EngineBusyError || error instanceof TooManyBytesError)
    return ofService(400, 'ThrottlingException', 'Slow down; sudden increase in rate of requests.');
  if (!isServiceError(error)) return ofService(500, 'InternalServerError', 'Internal server error');
  const { name, message, Code, Logref } = error;
  const status = error.$fault === 'server' ? 500 : 400;
  return Code === undefined ? ofFramework(status, name, message) : ofService(status, name, message, Logref);
}

function ofFramework(status: Envelope['status'], type: string, message: string): Envelope {
  return { status, type, body: { __type: type, message } };
}

function ofService(status: Envelope['status'], type: string, Message: string, Logref: string = randomUUID()) {
  return { status, type, body: { __type: type, Code: type, Logref, Message } };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && '$fault' in error;
}
