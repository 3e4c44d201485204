import { BILLED, LIMITS, type Operation } from '../limits.js';
import type { CommandClient } from '../service/client.js';
import { type CallsPerSecond, callsPerSecondFor } from '../service/paced-client.js';
import type { CallOptions } from '../types.js';
import type { LeftOutFile, People } from './people.js';

/** At what pace calls are made, and at what price. */
export interface CostOptions {
  /** As for `enrollMany`. */
  pace?: CallsPerSecond | 'none' | undefined;
  /** What a billed call costs, in any currency: AWS has a price for each Region. */
  pricePerCall?: number | undefined;
}

export interface PlanOptions extends CallOptions, CostOptions {
  /** What keeping a vector costs a month. Each photo's face is one, and so is each user. */
  pricePerVector?: number | undefined;
}

/** What calls take. */
export interface CallCost {
  /** By operation. */
  calls: { readonly [operation in Operation]?: number };
  billedCalls: number;
  /** How long it takes at least, at the pace of the slowest operation; 0 where nothing is held back. */
  seconds: number;
  /** Of all billed calls, where a price was given. */
  price?: number;
}

/** What enrolling people will take, if every photo is new and shows one face that is good enough. */
export interface EnrollmentPlan extends CallCost {
  people: number;
  photos: number;
  leftOut: readonly LeftOutFile[];
  /** Vectors that will be stored: of faces and of users. */
  vectors: number;
  /** Of keeping the vectors, where a price was given. */
  pricePerMonth?: number;
}

/** Counts what is to be done. Lists the people and asks the service nothing. */
export async function planEnrollment(
  client: CommandClient,
  people: People,
  { pace, pricePerCall, pricePerVector, signal }: PlanOptions,
): Promise<EnrollmentPlan> {
  const leftOut: LeftOutFile[] = [];
  const calls = { ListFaces: 1, IndexFaces: 0, SearchFaces: 0, CreateUser: 0, AssociateFaces: 0 };
  let listed = 0;
  for await (const entry of people) {
    signal?.throwIfAborted();
    if ('leftOut' in entry) {
      leftOut.push(entry);
      continue;
    }
    listed += 1;
    let photos = 0;
    for await (const _image of entry.images) photos += 1;
    if (photos === 0) continue;
    calls.IndexFaces += photos;
    calls.CreateUser += 1;
    // Whether the photos show one person is asked where there are several.
    if (photos > 1) calls.SearchFaces += 1;
    calls.AssociateFaces += Math.ceil(photos / LIMITS.faceIdsPerAssociation);
  }
  const vectors = calls.IndexFaces + calls.CreateUser;
  return {
    people: listed,
    photos: calls.IndexFaces,
    leftOut,
    vectors,
    ...(await costOf(client, calls, { pace, pricePerCall })),
    ...(pricePerVector !== undefined && { pricePerMonth: vectors * pricePerVector }),
  };
}

/** What calls take that are made at a time. Those that nobody has a quota of are not held back. */
export async function costOf<Calls extends Readonly<Record<string, number>>>(
  client: CommandClient,
  calls: Calls,
  { pace, pricePerCall }: CostOptions,
): Promise<Omit<CallCost, 'calls'> & { calls: Calls }> {
  const callsPerSecond = await callsPerSecondFor(client, pace);
  const operations = Object.entries(calls) as [Operation, number][];
  const billedCalls = operations.reduce((sum, [name, count]) => sum + (BILLED.includes(name) ? count : 0), 0);
  return {
    calls,
    billedCalls,
    seconds: Math.max(
      ...operations.map(([name, count]) => count / (callsPerSecond[name] ?? Number.POSITIVE_INFINITY)),
    ),
    ...(pricePerCall !== undefined && { price: billedCalls * pricePerCall }),
  };
}
