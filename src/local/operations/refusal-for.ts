import { refusal } from '../protocol/refusals.js';
import { MixedModelsError, NoSuchCollectionError, NoSuchUserError } from '../records/record-errors.js';

/** What the service answers where the records have thrown this. Other errors are answered as they are. */
export function refusalFor(error: unknown): unknown {
  if (error instanceof NoSuchCollectionError)
    return refusal('ResourceNotFoundException', `Collection:${error.collectionId} not found!`);
  if (error instanceof NoSuchUserError) {
    const message = `User:${error.userId} not found in collection ${error.collectionId}!`;
    return refusal('ResourceNotFoundException', message);
  }
  if (error instanceof MixedModelsError) return refusal('InvalidParameterException', error.message);
  return error;
}
