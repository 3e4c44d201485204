import { BILLED, type Operation, QUOTAS } from '../limits.js';
import { type CollectionScope, type CommandClient, operationOf, type ServiceCommand } from './client.js';
import type { OnePassClient } from './every-face.js';
import { Pace } from './pace.js';
import { isThrottled, pause } from './persistence.js';

/** Most calls a second, by operation. One that is not named is not held back. */
export type CallsPerSecond = { readonly [operation in Operation]?: number | undefined };

/** Calls that were made of one operation. */
export interface CallCount {
  /** Those that were sent, without what the SDK tried again by itself. */
  calls: number;
  /** Those that were answered and that the service bills, each as one image. */
  billed: number;
  /** How often the service said that this was too fast. */
  throttled: number;
}

/** A call is throttled so many times before it counts as failed: some 30 seconds. */
const MOST_THROTTLES = 10;
/** Milliseconds to wait after the first time, then twice as long each time, give or take a half. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5000;
/** Only after throttling the SDK waits so many milliseconds before it tries again by itself. */
const SDK_THROTTLE_WAIT = 300;

/** Makes the calls of a client at a pace, makes those again that were throttled, and counts them. */
export class PacedClient implements CommandClient {
  /** By operation. */
  readonly counts = new Map<string, CallCount>();
  /** The one pass of a client that offers it, as it is: nobody has a quota of these. */
  readonly searchEveryFace: OnePassClient['searchEveryFace'] | undefined;
  readonly #client: CommandClient;
  readonly #paces: ReadonlyMap<string, Pace>;

  constructor(client: CommandClient, callsPerSecond: CallsPerSecond) {
    this.#client = client;
    this.searchEveryFace = (client as Partial<OnePassClient>).searchEveryFace?.bind(client);
    const paces = Object.entries(callsPerSecond).flatMap(([operation, quota]) =>
      quota === undefined ? [] : [[operation, new Pace(quota)] as const],
    );
    this.#paces = new Map(paces);
  }

  async send(
    command: ServiceCommand<unknown>,
    options: { abortSignal?: AbortSignal } = {},
  ): Promise<unknown> {
    const operation = operationOf(command);
    const pace = this.#paces.get(operation);
    const count = this.#count(operation);
    for (let throttles = 0; ; throttles++) {
      await pace?.turn(options.abortSignal);
      count.calls += 1;
      try {
        const answer = await this.#client.send(command, options);
        if (BILLED.includes(operation)) count.billed += 1;
        if (wasThrottled(answer)) this.#throttled(count, pace);
        else pace?.succeeded();
        return throttles > 0 ? withAttempts(answer, throttles) : answer;
      } catch (error) {
        if (!isThrottled(error)) throw error;
        this.#throttled(count, pace);
        if (throttles === MOST_THROTTLES) throw error;
        const wait = Math.min(FIRST_WAIT * 2 ** throttles, LONGEST_WAIT);
        await pause(wait * (0.5 + Math.random()), options.abortSignal);
      }
    }
  }

  #throttled(count: CallCount, pace: Pace | undefined): void {
    count.throttled += 1;
    pace?.throttled();
  }

  #count(operation: string): CallCount {
    const count = this.counts.get(operation) ?? { calls: 0, billed: 0, throttled: 0 };
    this.counts.set(operation, count);
    return count;
  }
}

/** The same collection, asked at a pace. */
export async function pacedScope(
  scope: CollectionScope,
  pace: CallsPerSecond | 'none' | undefined,
): Promise<CollectionScope & { readonly client: PacedClient }> {
  return { ...scope, client: new PacedClient(scope.client, await callsPerSecondFor(scope.client, pace)) };
}

/** The caller's numbers where there are any, and the default ones for the rest. */
export async function callsPerSecondFor(
  client: CommandClient,
  pace: CallsPerSecond | 'none' | undefined,
): Promise<CallsPerSecond> {
  return pace === 'none' ? {} : { ...(await defaultPace(client)), ...pace };
}

/**
 * The pace for a client of Amazon Rekognition, by its Region. None for anybody else: the local engine, in this process
 * or behind an address of one's own, and mocks have no quota.
 */
async function defaultPace(client: CommandClient): Promise<CallsPerSecond> {
  const { config } = client as { config?: { region?: unknown; isCustomEndpoint?: unknown } };
  const { AWS_ENDPOINT_URL_REKOGNITION, AWS_ENDPOINT_URL } = process.env;
  if (typeof config?.region !== 'function' || config.isCustomEndpoint === true) return {};
  if (AWS_ENDPOINT_URL_REKOGNITION || AWS_ENDPOINT_URL) return {};
  // Where no Region is known, nothing can be sent to AWS either.
  const region: unknown = await config.region().catch(() => undefined);
  if (region === undefined) return {};
  const isLarge = QUOTAS.largeRegions.some((large) => large === region);
  return Object.fromEntries(
    Object.entries(QUOTAS.callsPerSecond).map(([operation, [large, other]]) => [
      operation,
      isLarge ? large : other,
    ]),
  );
}

interface Answer {
  $metadata?: { attempts?: number; totalRetryDelay?: number };
}

function wasThrottled(answer: unknown): boolean {
  return ((answer as Answer | undefined)?.$metadata?.totalRetryDelay ?? 0) >= SDK_THROTTLE_WAIT;
}

/** What was tried before may have been carried out: whoever reads the answer has to know of it. */
function withAttempts(answer: unknown, throttles: number): object {
  const { $metadata } = answer as Answer;
  return {
    ...(answer as Answer),
    $metadata: { ...$metadata, attempts: ($metadata?.attempts ?? 1) + throttles },
  };
}
