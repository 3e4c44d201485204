import { InvalidArgumentError, MissingPackageError, UnreadableImageError } from '../../../errors.js';

/** What a worker thread sends back: what it found out, or how it failed. */
export type WorkerAnswer<Result> = { result: Result } | { failure: Failure };

/** An error on its way between threads. Copies of errors lose their class and their fields; these bring them along. */
interface Failure {
  error: Error;
  name: string;
  fields: Record<string, unknown>;
}

/** Errors that callers tell apart by class. */
const ERROR_CLASSES: Record<string, { prototype: Error }> = {
  InvalidArgumentError,
  MissingPackageError,
  UnreadableImageError,
};

export function toFailure(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // Node 20 loses all of a DOMException, as of a time limit, and later ones do not let its name be set.
  const copy = error instanceof DOMException ? new Error(error.message) : error;
  return { error: copy, name: error.name, fields: { ...error } };
}

/** The error as it was thrown on the other thread: its class, message, stack, cause and fields. */
export function fromFailure({ error, name, fields }: Failure): Error {
  const known = ERROR_CLASSES[name];
  if (known) Object.setPrototypeOf(error, known.prototype);
  return Object.assign(error, { name }, fields);
}
