import { withAdvice } from '../advice.js';
import { checkMethods } from '../arguments.js';
import { underSignal } from '../signals.js';

/**
 * A command of `@aws-sdk/client-rekognition`. Written by its shape, so that commands of another copy or version of
 * the SDK fit too; `resolveMiddleware` is where the SDK's types keep what a command answers.
 */
export interface ServiceCommand<Output> {
  readonly input: object;
  /** Internal to the SDK. */
  // biome-ignore lint/suspicious/noExplicitAny: its parameters are internal to the SDK.
  resolveMiddleware(...internals: any[]): (...call: any[]) => Promise<{ output: Output }>;
}

/**
 * Anything that answers the commands of `@aws-sdk/client-rekognition`: the real `RekognitionClient`, a
 * `LocalRekognition`, a mock, or a fake of your own: `{ send: async () => ({ FaceDetails: [] }) }`.
 */
export interface CommandClient {
  /** @returns a promise of the command's answer */
  send(command: ServiceCommand<unknown>, options?: { abortSignal?: AbortSignal }): unknown;
}

export function checkClient(argument: string, value: unknown, hint?: string): asserts value is CommandClient {
  checkMethods(argument, value, ['send'], 'a RekognitionClient, a LocalRekognition', hint);
}

/** The client among options, which are themselves the client by a common slip. */
export function checkClientOf(options: { client: CommandClient } | undefined): void {
  const isClient = typeof (options as Partial<CommandClient> | undefined)?.send === 'function';
  checkClient('options.client', options?.client, isClient ? 'Give it as an option: { client }.' : undefined);
}

/** Which collection a call is about, and who answers it. */
export interface CollectionScope {
  readonly client: CommandClient;
  readonly collectionId: string;
}

/** How long a client may take to end a call that was given up. Those that heed signals do so at once. */
const SETTLE_MS = 1000;

/**
 * Sends a command. When the signal is aborted it rejects with the signal's own reason, even where the client
 * does not heed it. The command may be carried out all the same.
 *
 * @throws TypeError when the answer is no object, as of a mock that has no answer for the command
 */
export async function send<Output>(
  client: CommandClient,
  command: ServiceCommand<Output>,
  signal?: AbortSignal,
): Promise<Output> {
  const answer = await underSignal(
    signal,
    async (abortSignal) => client.send(command, abortSignal ? { abortSignal } : {}),
    { settleMs: SETTLE_MS },
  ).catch((error) => {
    throw advised(error, command.input, signal);
  });
  if (typeof answer !== 'object' || answer === null) {
    throw new TypeError(
      `The client answered ${command.constructor.name} with ${answer}, not with an object.`,
    );
  }
  return answer as Output;
}

/** The error of a call, with what to do about it where that can be said. */
export function advised(error: unknown, input: object, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && error === signal.reason) return error;
  return withAdvice(error, isServiceError(error, 'ResourceNotFoundException') ? missing(input) : undefined);
}

/** What may not be there, and who makes it: the service's own words differ by operation, and need not say. */
function missing(input: object): string | undefined {
  const { CollectionId: collectionId, UserId: userId } = input as { CollectionId?: string; UserId?: string };
  if (collectionId === undefined) return undefined;
  const user = userId === undefined ? '' : `, createUser() the user "${userId}"`;
  return `create() makes the collection "${collectionId}"${user}.`;
}

/** Whether the service answered with one of these errors. By name, since several copies of the SDK may be about. */
export function isServiceError(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** The operation a command is of. Its schema says so even where a bundler has renamed its class. */
export function operationOf(command: ServiceCommand<unknown>): string {
  const { schema } = command as { schema?: readonly unknown[] };
  const name = schema?.[2];
  return typeof name === 'string' ? name : command.constructor.name.replace(/Command$/, '');
}
