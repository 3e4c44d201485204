import { types } from 'node:util';

/** An error of the service, the SDK or the system, as far as advice depends on it. */
type Known = Error & { code?: unknown };

const CREDENTIALS =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones), or AWS_PROFILE.';

/** What to do about the errors that everyone meets first. The first that fits is given. */
const ADVICE: readonly { of: (error: Known) => boolean; advice: string }[] = [
  {
    of: ({ message }) => message.startsWith('Region is missing'),
    advice: "Set AWS_REGION, or give the client one: { region: 'eu-west-1' }.",
  },
  { of: ({ name }) => name === 'CredentialsProviderError', advice: CREDENTIALS },
  {
    of: ({ name }) =>
      ['UnrecognizedClientException', 'ExpiredTokenException', 'InvalidSignatureException'].includes(name),
    advice: `AWS does not take these credentials. ${CREDENTIALS}`,
  },
  {
    of: ({ code }) => code === 'ENOTFOUND' || code === 'EAI_AGAIN',
    advice: 'Check the Region and the endpoint of the client, and that there is a network.',
  },
  {
    of: ({ code }) => code === 'ECONNREFUSED',
    advice: "Nobody listens there: is the server running, and the client's endpoint right?",
  },
];

/**
 * Adds to an error what to do about it. It stays the error that it is, of its class and with all its members; only its
 * message grows.
 *
 * @param given advice in place of the table's
 * @returns what was thrown, whatever it is
 */
export function withAdvice(thrown: unknown, given?: string): unknown {
  if (!(thrown instanceof Error || types.isNativeError(thrown))) return thrown;
  const advice = given ?? ADVICE.find(({ of }) => of(thrown))?.advice;
  // Retries and mocks throw the same error again and again.
  if (advice === undefined || thrown.message.includes(advice)) return thrown;
  const { message, stack } = thrown;
  // An AggregateError of addresses that were tried has no message of its own.
  const advised = message === '' ? advice : `${/[.!?]$/.test(message) ? message : `${message}.`} ${advice}`;
  try {
    thrown.message = advised;
    // The stack is what is printed, and has a copy of the message.
    if (stack && message) thrown.stack = stack.replace(message, () => advised);
  } catch {
    // A frozen error is thrown as it is.
  }
  return thrown;
}
