import { checkCount, checkFunction, checkOptions, type OptionChecks } from '../arguments.js';
import { checkOperation, type InputOf, type Operation } from './operations.js';
import { onOneLine } from './recorded-calls.js';

/** What happens to some of the calls of a `ScriptedClient`. It may be in the scripts of several: each starts anew. */
export interface Fault {
  /** As it was written: `throttle('IndexFaces', { call: 3 })`. */
  readonly description: string;
  /** @internal */
  start(): RunningFault;
}

/** A fault, in one client. */
export interface RunningFault {
  /** What comes in place of carrying a call out; `undefined` where that is left alone. */
  meet(operation: string, input: object): Intervention | undefined;
  /** What of it has not happened, in words. */
  outstanding(): string | undefined;
}

/** @param happens is called where the fault makes a difference to the call */
export type Intervention = (
  carryOut: CarryOut,
  signal: AbortSignal | undefined,
  happens: () => void,
) => Promise<object>;

/** Carries a call out, with another input where one is given. */
export type CarryOut = (input?: object) => Promise<object>;

/** Which calls of an operation a fault happens to. */
export interface Occasion<Name extends Operation = Operation> {
  /**
   * The first of them: 3 is the third call of the operation.
   *
   * @default 1
   */
  call?: number | undefined;
  /**
   * To how many calls from that on; `Infinity` is for good.
   *
   * @default 1
   */
  times?: number | undefined;
  /**
   * Only calls with such an input are counted, and met.
   *
   * @default all
   */
  where?: ((input: InputOf<Name>) => boolean) | undefined;
}

/** An operation; or `'any'`, where calls are counted whichever operation they are of. */
export type FaultyOperation = Operation | 'any';

/** An occasion, whichever operation it is of. */
type AnyOccasion = Omit<Occasion, 'where'> & { where?: ((input: never) => boolean) | undefined };

/** The operations of the calls that are met. */
export type Met<Name extends FaultyOperation> = Name extends Operation ? Name : Operation;

const OCCASION: OptionChecks<AnyOccasion> = { call: checkCount, times: checkTimes, where: checkFunction };

/** A fault that happens to the calls of its occasion. */
export function onCalls<Options extends AnyOccasion>(
  name: string,
  operation: FaultyOperation,
  options: Options,
  checks: Omit<OptionChecks<Options>, keyof AnyOccasion>,
  intervene: (carryOut: CarryOut, signal: AbortSignal | undefined, input: object) => Promise<object>,
): Fault {
  if (operation !== 'any') checkOperation(operation);
  checkOptions(options, { ...OCCASION, ...checks } as OptionChecks<Options>);
  const { call = 1, times = 1, where } = options;
  const calls = `${where ? 'such ' : ''}calls${operation === 'any' ? '' : ` of ${operation}`}`;
  return {
    description: described(name, operation, options),
    start: () => {
      let met = 0;
      let happened = 0;
      return {
        meet: (called, input) => {
          if (operation !== 'any' && called !== operation) return undefined;
          if (where && !where(input as never)) return undefined;
          met += 1;
          if (met < call || met >= call + times) return undefined;
          return (carryOut, signal, happens) => {
            happened += 1;
            happens();
            return intervene(carryOut, signal, input);
          };
        },
        outstanding: () => lacking(happened, times, `${calls}: ${met}`),
      };
    },
  };
}

/** What is to be said where something has happened less often than it was to. For good is once at least. */
export function lacking(happened: number, times: number, why: string): string | undefined {
  const wanted = Number.isFinite(times) ? times : 1;
  if (happened >= wanted) return undefined;
  const so = happened === 0 ? 'has not happened' : `happened ${inTimes(happened)} of ${wanted}`;
  return `${so}; ${why}`;
}

export const inTimes = (count: number): string =>
  count === 1 ? 'once' : count === 0 ? 'never' : `${count} times`;

/** A call of one of these functions, as it was written. */
export function described(name: string, ...args: readonly unknown[]): string {
  const given = args.filter((value) => !(isPlain(value) && Object.keys(value).length === 0));
  return `${name}(${given.map(onOneLine).join(', ')})`;
}

const isPlain = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]';

export function checkTimes(argument: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkCount(argument, value);
}
