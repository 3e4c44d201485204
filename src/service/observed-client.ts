import { tell } from '../hooks.js';
import { BILLED } from '../limits.js';
import { type CommandClient, operationOf, type ServiceCommand } from './client.js';
import type { OnePassClient } from './every-face.js';
import { isGivenUp } from './persistence.js';

/**
 * A call that has ended: enough for a metric, a trace or a bill, and nothing of a photo, a face or a person.
 */
export interface ServiceCall {
  /**
   * As AWS spells it: `SearchUsersByImage`. `SearchEveryFace` is `searchPhoto`'s one pass over a photo, which AWS does
   * not have and `LocalRekognition` does.
   */
  operation: string;
  /** Absent where the operation is about none, as `DetectFaces`. */
  collectionId?: string;
  /** When it was made, in milliseconds since 1970 as of `Date.now()`. */
  startedAt: number;
  /** From there to the answer, with what the SDK waited and tried again. */
  milliseconds: number;
  /** `aborted` when the signal ended it, or a time limit of the client: it may have been carried out all the same. */
  outcome: 'answered' | 'failed' | 'aborted';
  /** The name of the error that it failed with: `ThrottlingException`. */
  error?: string;
  /** How often the SDK sent it. Absent where the client does not say. */
  attempts?: number;
  /** By which AWS support finds the call. Absent where the client does not say. */
  requestId?: string;
  /** Whether AWS bills it, as one image: it is of an operation that is billed, and was answered. */
  isBilled: boolean;
  /** How many of the collection's calls were billed so far, this one among them. */
  billedCalls: number;
}

/** What the SDK notes down in answers and errors about how they came. */
interface Noted {
  name?: string;
  $metadata?: { attempts?: number; requestId?: string };
}

/** The client, whose every call is told of when it has ended, if anybody wants to know. */
export function observed(
  client: CommandClient,
  onCall: ((call: ServiceCall) => void) | undefined,
): CommandClient {
  return onCall ? new ObservedClient(client, onCall) : client;
}

class ObservedClient implements CommandClient {
  /** Absent, as of AWS, where the client has none. */
  readonly searchEveryFace?: OnePassClient['searchEveryFace'];
  readonly #client: CommandClient;
  readonly #onCall: (call: ServiceCall) => void;
  #billedCalls = 0;

  constructor(client: CommandClient & Partial<OnePassClient>, onCall: (call: ServiceCall) => void) {
    this.#client = client;
    this.#onCall = onCall;
    if (typeof client.searchEveryFace === 'function')
      this.searchEveryFace = (collectionId, image, request, options) =>
        this.#observe('SearchEveryFace', { CollectionId: collectionId }, options, () =>
          client.searchEveryFace!(collectionId, image, request, options),
        );
  }

  /** What the SDK's client was made with: its Region tells the pace. */
  get config(): unknown {
    return (this.#client as { config?: unknown }).config;
  }

  send(command: ServiceCommand<unknown>, options?: { abortSignal?: AbortSignal }): Promise<unknown> {
    return this.#observe(operationOf(command), command.input, options, async () =>
      this.#client.send(command, options),
    );
  }

  async #observe<Answer>(
    operation: string,
    input: { CollectionId?: string },
    options: { abortSignal?: AbortSignal } | undefined,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    const startedAt = Date.now();
    const start = performance.now();
    const ended = (outcome: ServiceCall['outcome'], noted: Noted | null | undefined) => {
      const isBilled = outcome === 'answered' && BILLED.includes(operation);
      if (isBilled) this.#billedCalls += 1;
      const { attempts, requestId } = noted?.$metadata ?? {};
      tell(this.#onCall, {
        operation,
        ...(input.CollectionId !== undefined && { collectionId: input.CollectionId }),
        startedAt,
        milliseconds: performance.now() - start,
        outcome,
        ...(outcome !== 'answered' && { error: noted?.name ?? typeof noted }),
        ...(attempts !== undefined && { attempts }),
        ...(requestId !== undefined && { requestId }),
        isBilled,
        billedCalls: this.#billedCalls,
      });
    };
    try {
      const answer = await call();
      ended('answered', answer as Noted);
      return answer;
    } catch (error) {
      ended(isGivenUp(error, options?.abortSignal) ? 'aborted' : 'failed', error as Noted);
      throw error;
    }
  }
}
