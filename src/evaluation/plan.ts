import { checkOptions } from '../arguments.js';
import { checkPeople, type LeftOutFile, type People } from '../enrollment/people.js';
import { type CallCost, costOf, planEnrollment } from '../enrollment/plan.js';
import type { FaceCollection } from '../face-collection.js';
import { LIMITS } from '../limits.js';
import { describeCollection } from '../service/collections.js';
import { ascending, checkCollection, PLAN_EVALUATION, type PlanEvaluationOptions } from './options.js';
import { listProbes, photosOf, splitAt } from './probes.js';

/** What evaluating a collection will take, if no photo is enrolled in it and each shows one good face. */
export interface EvaluationPlan extends Omit<CallCost, 'calls'> {
  people: number;
  /** Photos that will be searched in the collection. */
  photos: number;
  leftOut: readonly LeftOutFile[];
  /** By operation, those in scratch collections too. Where users are slow to be ready there are more of ListUsers. */
  calls: Readonly<Record<string, number>>;
}

/**
 * What `evaluate` would do: how many calls, how long at the pace of the service, and at what price. Lists the probes,
 * and asks the service for no more than how large the collection is, which is not billed.
 *
 * @example
 * const { photos, seconds, price } = await planEvaluation(team, fromFolder('probes'), { pricePerCall: 0.001 });
 */
export async function planEvaluation(
  collection: FaceCollection,
  probes: People,
  options: PlanEvaluationOptions = {},
): Promise<EvaluationPlan> {
  checkCollection(collection);
  checkPeople(probes);
  const { facesPerUser = [], pace, pricePerCall, signal } = checkOptions(options, PLAN_EVALUATION);
  const { client } = collection;
  const { people, leftOut } = await listProbes(probes, signal);
  const { faceCount } = await describeCollection(collection, signal);
  const calls: Record<string, number> = {};
  let seconds = 0;
  /** What is done at a time is as slow as its slowest operation. */
  const add = async (made: Readonly<Record<string, number>>) => {
    for (const [operation, count] of Object.entries(made)) calls[operation] = (calls[operation] ?? 0) + count;
    seconds += (await costOf(client, made, { pace })).seconds;
  };
  const photos = photosOf(people).length;
  await add({ DescribeCollection: 1, ListFaces: pages(faceCount, LIMITS.facesPerPage) });
  await add({ SearchFacesByImage: photos, SearchUsersByImage: photos });
  for (const size of ascending(facesPerUser)) {
    const { enrolled, searched } = splitAt(size, people);
    if (enrolled.length > 0) {
      await add((await planEnrollment(client, enrolled, { pace, signal })).calls);
      await add({ ListUsers: pages(enrolled.length, LIMITS.usersPerPage) });
    }
    await add({ CreateCollection: 1, ListFaces: pages(size * enrolled.length, LIMITS.facesPerPage) });
    await add({
      SearchFacesByImage: searched.length,
      SearchUsersByImage: searched.length,
      DeleteCollection: 1,
    });
  }
  const cost = await costOf(client, calls, { pace, pricePerCall });
  return { people: people.length, photos, leftOut, ...cost, seconds };
}

/** An empty listing has a page too. */
function pages(items: number, perPage: number): number {
  return Math.max(1, Math.ceil(items / perPage));
}
