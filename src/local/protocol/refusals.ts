import type { RekognitionServiceException } from '@aws-sdk/client-rekognition';
import { type ModelledException, serviceException } from '../../service/exceptions.js';

/** What only AWS throws: this engine has no permissions, no quota of calls, and errors of its own are what they are. */
type Elsewhere =
  | 'AccessDeniedException'
  | 'InternalServerError'
  | 'ProvisionedThroughputExceededException'
  | 'ThrottlingException';

/** Come from the framework in front of the service, so the SDK has no class for them. */
type Framework = 'ValidationException' | 'SerializationException' | 'UnknownOperationException';

/** Every reason this engine refuses a request for, by the name of the exception. */
export type RefusalName = Exclude<ModelledException, Elsewhere> | Framework;

/** The exception that the SDK would throw, had Rekognition refused the request. `$metadata` is filled in by the engine. */
export function refusal(name: RefusalName, message: string, cause?: unknown): RekognitionServiceException {
  const exception = serviceException(name, message, { $fault: 'client', $metadata: {} });
  if (cause !== undefined) exception.cause = cause;
  return exception;
}
