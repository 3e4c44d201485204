import { checkCount, checkFunction } from '../arguments.js';
import { underSignal } from '../signals.js';
import { described, type Fault, type FaultyOperation, type Met, type Occasion, onCalls } from './fault.js';
import { checkError, type ErrorName, toError } from './fault-errors.js';
import type { AnswerOf, InputOf, Operation } from './operations.js';

export interface FailOptions<Name extends Operation> extends Occasion<Name> {
  /**
   * What is thrown: an exception of the service by its name, `'ECONNRESET'` for a connection that was reset, or an error
   * of your own.
   *
   * @default 'InternalServerError', which is a 500
   */
  error?: ErrorName | Error | undefined;
}

export interface LoseAnswerOptions<Name extends Operation> extends Occasion<Name> {
  /** As for `fail`. @default 'ECONNRESET' */
  error?: ErrorName | Error | undefined;
}

/** Holds answers back until it is told to release them. */
export interface HeldAnswers extends Fault {
  /** Resolves once an answer is held: its call was carried out. */
  readonly held: Promise<void>;
  /** Lets go of what is held, and of what would be. */
  release(): void;
}

/**
 * Refuses a call because calls come too fast, with a `ProvisionedThroughputExceededException`. It is not carried out.
 *
 * @example
 * throttle('SearchUsersByImage', { call: 3 })
 */
export function throttle<Name extends FaultyOperation>(
  operation: Name,
  occasion: Occasion<Met<Name>> = {},
): Fault {
  return onCalls('throttle', operation, occasion, {}, () => {
    throw toError('ProvisionedThroughputExceededException');
  });
}

/**
 * Fails a call, which is not carried out: with a 500, or as `error` says.
 *
 * @example
 * fail('IndexFaces', { times: Infinity })
 * fail('CreateUser', { error: 'AccessDeniedException' })
 */
export function fail<Name extends FaultyOperation>(
  operation: Name,
  options: FailOptions<Met<Name>> = {},
): Fault {
  const { error = 'InternalServerError' } = options;
  return onCalls('fail', operation, options, { error: checkError }, () => {
    throw toError(error);
  });
}

/**
 * Carries a call out, and throws in place of its answer: nobody can tell from that whether it was.
 *
 * @example
 * loseAnswer('AssociateFaces')
 */
export function loseAnswer<Name extends FaultyOperation>(
  operation: Name,
  options: LoseAnswerOptions<Met<Name>> = {},
): Fault {
  const { error = 'ECONNRESET' } = options;
  return onCalls('loseAnswer', operation, options, { error: checkError }, async (carryOut) => {
    await carryOut();
    throw toError(error);
  });
}

/**
 * Carries a call out, and answers only after so many milliseconds. Uses `setTimeout`, so the fake timers of a test
 * runner pass over it; `holdAnswer` needs no time at all.
 *
 * @example
 * delayAnswer('SearchUsersByImage', 3000)
 */
export function delayAnswer<Name extends FaultyOperation>(
  operation: Name,
  milliseconds: number,
  occasion: Occasion<Met<Name>> = {},
): Fault {
  checkCount('milliseconds', milliseconds);
  const fault = onCalls('delayAnswer', operation, occasion, {}, async (carryOut, signal) => {
    const answer = await carryOut();
    let timer: NodeJS.Timeout | undefined;
    const wait = () =>
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      });
    await underSignal(signal, wait).finally(() => clearTimeout(timer));
    return answer;
  });
  return { ...fault, description: described('delayAnswer', operation, milliseconds, occasion) };
}

/**
 * Carries a call out, and answers when the test says so: to look at what a service does meanwhile, or gives up. Never
 * released, it is a service that hangs.
 *
 * @example
 * const slow = holdAnswer('SearchUsersByImage');
 * const client = new ScriptedClient(engine, [slow]);
 * const answered = handle(request);
 * await slow.held;
 * slow.release();
 */
export function holdAnswer<Name extends FaultyOperation>(
  operation: Name,
  occasion: Occasion<Met<Name>> = {},
): HeldAnswers {
  const held = gate();
  const released = gate();
  const fault = onCalls('holdAnswer', operation, occasion, {}, async (carryOut, signal) => {
    const answer = await carryOut();
    held.open();
    await underSignal(signal, () => released.opened);
    return answer;
  });
  return { ...fault, held: held.opened, release: released.open };
}

/**
 * Does as you say in place of a call: what no other fault does, such as a change that somebody else makes meanwhile.
 *
 * @param intervene `carryOut` carries the call out, with another input if one is given, and answers what it is answered
 *
 * @example
 * intercept('AssociateFaces', async (carryOut, { UserId }) => {
 *   await team.deleteUser(UserId!);
 *   return carryOut();
 * })
 */
export function intercept<Name extends FaultyOperation>(
  operation: Name,
  intervene: (
    carryOut: (input?: InputOf<Met<Name>>) => Promise<AnswerOf<Met<Name>>>,
    input: InputOf<Met<Name>>,
    signal: AbortSignal | undefined,
  ) => Promise<AnswerOf<Met<Name>>>,
  occasion: Occasion<Met<Name>> = {},
): Fault {
  checkFunction('intervene', intervene);
  return onCalls('intercept', operation, occasion, {}, (carryOut, signal, input) =>
    intervene(carryOut as never, input as never, signal),
  );
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
