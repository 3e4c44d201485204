import { AssertionError } from 'node:assert';
import { checkCount, checkMethods, checkOptions } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { type CommandClient, checkClient, operationOf, type ServiceCommand } from '../service/client.js';
import { type Fault, inTimes, type RunningFault } from './fault.js';
import { checkOperation, type InputOf, type Operation } from './operations.js';
import { fits, type OpenCall, onOneLine, type RecordedCall, toText } from './recorded-calls.js';

/** What a call was to be like. */
export interface ExpectedCall<Name extends Operation> {
  /**
   * How often it was to be made; 0 is never.
   *
   * @default once or more
   */
  times?: number | undefined;
  /**
   * Members that its input was to have.
   *
   * @default any
   */
  input?: Partial<InputOf<Name>> | undefined;
}

/**
 * A client for tests: sends what it is sent on to another, such as a `LocalRekognition` with declared faces, records
 * every call, and has the faults happen that were scripted. It offers no searches in one pass, so that `searchPhoto`
 * makes the calls that it makes to Amazon Rekognition.
 *
 * Errors are those that the SDK throws, after its own attempts. Give the client to `serve` instead to have a real SDK
 * try again: a fault then happens to each of its attempts.
 *
 * @example
 * const engine = new LocalRekognition({ vision: declaredFaces() });
 * const client = new ScriptedClient(engine, [throttle('IndexFaces', { call: 3 }), loseAnswer('AssociateFaces')]);
 * const team = new FaceCollection('team', { client });
 * …
 * client.assertCalled('AssociateFaces', { input: { UserId: 'ada' } });
 * client.assertScriptDone();
 */
export class ScriptedClient implements CommandClient {
  readonly #client: CommandClient;
  readonly #faults: readonly { fault: Fault; running: RunningFault }[];
  #calls: OpenCall[] = [];

  /**
   * @param client who answers what no fault does
   * @param script faults; where several happen to one call, each acts on what the next makes of it
   */
  constructor(client: CommandClient, script: readonly Fault[] = []) {
    checkClient('client', client);
    if (!Array.isArray(script)) throw new InvalidArgumentError('script', script, 'an array of faults');
    for (const [index, fault] of script.entries())
      checkMethods(`script[${index}]`, fault, ['start'], "a fault, such as throttle('IndexFaces')");
    this.#client = client;
    this.#faults = script.map((fault) => ({ fault, running: fault.start() }));
  }

  /** Every call, in the order in which they came. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** The calls of one operation. */
  callsOf<Name extends Operation>(operation: Name): readonly RecordedCall<Name>[] {
    checkOperation(operation);
    return this.#calls.filter((call) => call.operation === operation) as unknown as RecordedCall<Name>[];
  }

  /** The operations of all calls, in the order in which they came: `['CreateUser', 'IndexFaces', …]`. */
  get operations(): readonly string[] {
    return this.#calls.map(({ operation }) => operation);
  }

  /** Forgets the calls so far, such as those that made ready what a test is about. Faults go on counting. */
  clearCalls(): void {
    this.#calls = [];
  }

  /** Answers a command, or throws, as the script and the client behind it have it. */
  async send<Output>(
    command: ServiceCommand<Output>,
    options: { abortSignal?: AbortSignal } = {},
  ): Promise<Output> {
    const carryOut = (input: object) => {
      const own =
        input === command.input ? command : new (command.constructor as CommandClass<Output>)(input);
      return this.#client.send(own, options);
    };
    return (await this.#perform(
      operationOf(command),
      command.input,
      carryOut,
      options.abortSignal,
    )) as Output;
  }

  /** Answers an operation by its name, for `serve`, where the client behind it does. */
  async answer(operation: string, input: unknown, signal?: AbortSignal): Promise<object> {
    const client = this.#client as CommandClient & { answer: ScriptedClient['answer'] };
    checkMethods('client', client, ['answer'], 'a LocalRekognition');
    return this.#perform(
      operation,
      input as object,
      (given) => client.answer(operation, given, signal),
      signal,
    );
  }

  /**
   * That an operation was called.
   *
   * @throws AssertionError that lists all calls
   *
   * @example
   * client.assertCalled('IndexFaces', { times: 2, input: { CollectionId: 'team' } });
   * client.assertCalled('DeleteFaces', { times: 0 });
   */
  assertCalled<Name extends Operation>(operation: Name, expected: ExpectedCall<Name> = {}): void {
    const { times, input = {} } = checkOptions(expected, { times: checkTimes, input: checkInput });
    const matching = this.callsOf(operation).filter((call) => fits(call, input)).length;
    if (times === undefined ? matching > 0 : matching === times) return;
    const call = Object.keys(input).length > 0 ? `${operation} with ${onOneLine(input)}` : operation;
    throw new AssertionError({
      message:
        `${call} was to be called ${times === undefined ? 'once or more' : inTimes(times)}, ` +
        `and was called ${inTimes(matching)}. All calls:\n${toText(this.#calls)}`,
      actual: matching,
      expected: times ?? 1,
      operator: 'assertCalled',
      stackStartFn: this.assertCalled,
    });
  }

  /**
   * That every fault of the script has happened, as often as it was to: one that has not proves nothing.
   *
   * @throws AssertionError that names those which have not, and lists all calls
   */
  assertScriptDone(): void {
    const outstanding = this.#faults.flatMap(({ fault, running }) => {
      const why = running.outstanding();
      return why === undefined ? [] : [`  ${fault.description} ${why}.`];
    });
    if (outstanding.length === 0) return;
    throw new AssertionError({
      message:
        `${outstanding.length} of ${this.#faults.length} faults did not happen as scripted:\n` +
        `${outstanding.join('\n')}\nAll calls:\n${toText(this.#calls)}`,
      actual: outstanding.length,
      expected: 0,
      operator: 'assertScriptDone',
      stackStartFn: this.assertScriptDone,
    });
  }

  async #perform(
    operation: string,
    input: object,
    send: (input: object) => unknown,
    signal: AbortSignal | undefined,
  ): Promise<object> {
    const call = { operation, input, outcome: 'pending', faults: [] } as unknown as OpenCall;
    this.#calls.push(call);
    // Each counts the call, also where one before it keeps the call from being carried out.
    const met = this.#faults.flatMap(({ fault, running }) => {
      const intervention = running.meet(operation, input);
      return intervention ? [{ fault, intervention }] : [];
    });
    const perform = met.reduceRight(
      (next, { fault, intervention }) =>
        (given: object) => {
          const happens = () => call.faults.push(fault.description);
          return intervention((other = given) => next(other), signal, happens);
        },
      async (given: object) => (await send(given)) as object,
    );
    try {
      const answer = await perform(input);
      Object.assign(call, { outcome: 'answered', answer });
      return answer;
    } catch (error) {
      Object.assign(call, { outcome: 'failed', error });
      throw error;
    }
  }
}

type CommandClass<Output> = new (input: object) => ServiceCommand<Output>;

function checkTimes(argument: string, value: unknown): void {
  if (value !== 0) checkCount(argument, value);
}

function checkInput(argument: string, value: unknown): void {
  if (typeof value !== 'object' || value === null)
    throw new InvalidArgumentError(argument, value, 'an object of members');
}
