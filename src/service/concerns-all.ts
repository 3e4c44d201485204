import { isRekollectError } from '../errors.js';

const ABOUT_THE_CALLER =
  /^(AccessDenied|ExpiredToken|InvalidSignature|UnrecognizedClient|CredentialsProvider)/;

/** Whether whatever comes next would meet the error as well, so that there is no use in going on. */
export function concernsAll(error: Error): boolean {
  const isAboutTheProcess =
    isRekollectError(error, 'MISSING_PACKAGE') || isRekollectError(error, 'ENGINE_CLOSED');
  return isAboutTheProcess || ABOUT_THE_CALLER.test(error.name);
}
