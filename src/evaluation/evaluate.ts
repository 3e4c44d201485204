import { checkOptions } from '../arguments.js';
import { checkPeople, type People } from '../enrollment/people.js';
import { FaceCollection } from '../face-collection.js';
import type { ImageSource } from '../images/image-source.js';
import { DEFAULTS } from '../limits.js';
import type { CollectionScope } from '../service/client.js';
import { describeCollection } from '../service/collections.js';
import { type CallCount, pacedScope } from '../service/paced-client.js';
import { withScratchCollection } from '../service/scratch-collection.js';
import { listUsers, waitForUser } from '../service/users.js';
import type { Evaluation, Probe } from './evaluation.js';
import { ascending, checkCollection, EVALUATE, type EvaluateOptions } from './options.js';
import { Owners } from './owners.js';
import { type LabelledPerson, type LabelledPhoto, listProbes, photosOf, splitAt } from './probes.js';
import { type ProbeRequest, type SearchedProbes, searchProbes } from './search-probes.js';
import { passingRates } from './statistics.js';
import { Trials } from './trials.js';

/**
 * How well a collection tells people apart, on photos of whom you know. The largest face of each photo is searched
 * among all faces and among all users, two calls a photo: see `planEvaluation` for what that costs. Photos that are
 * enrolled in the collection are passed over, and one that fails stops no other.
 *
 * @param probes as for `enrollMany`: `fromFolder('probes')`, `fromBucket({ bucket, prefix })`, or anything that iterates
 * over `{ userId, images }`. A `userId` that has faces in the collection is that user; any other is a stranger. Give
 * each stranger an id of their own: intervals take all photos of one id for one person
 * @throws an error that every photo would meet, as `AccessDeniedException`, `ResourceNotFoundException` or
 * `MissingPackageError`; what `probes` throws
 *
 * @example
 * const { faces, users } = await evaluate(team, fromFolder('probes'));
 * for (const { threshold, truePositiveIdentificationRate } of users.atThresholds)
 *   console.log(threshold, truePositiveIdentificationRate?.value);
 */
export async function evaluate(
  collection: FaceCollection,
  probes: People,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkCollection(collection);
  checkPeople(probes);
  const { pace, signal, onProgress, facesPerUser = [], ...given } = checkOptions(options, EVALUATE);
  const begin = performance.now();
  const { collectionId, limitInputPixels } = collection;
  const scope = await pacedScope({ client: collection.client, collectionId }, pace);
  const { client } = scope;
  const { concurrency = DEFAULTS.bulkConcurrency } = given;

  const description = await describeCollection(scope, signal);
  const { people, leftOut } = await listProbes(probes, signal);
  const photos = photosOf(people);
  const sizes = ascending(facesPerUser).map((size) => splitAt(size, people));
  let done = 0;
  const total = sizes.reduce((sum, { searched }) => sum + searched.length, photos.length);
  const request: ProbeRequest = {
    thresholds: ascending(given.thresholds ?? [80, 90, 99]),
    falsePositiveIdentificationRates: ascending(
      given.falsePositiveIdentificationRates ?? [0.1, 0.01, 0.001],
    ).reverse(),
    qualityFilter: given.qualityFilter ?? DEFAULTS.searchQualityFilter,
    concurrency,
    limitInputPixels,
    onPhoto(latest: ImageSource) {
      done += 1;
      onProgress?.({ done, total, latest });
    },
  };

  const owners = await Owners.list(scope, signal);
  const searched = await searchProbes(scope, photos, owners, request, signal);
  const failures = [...searched.failures];
  const enrolling = new Map<string, CallCount>();
  const byFacesPerUser: Evaluation['byFacesPerUser'][number][] = [];
  for (const { facesPerUser, enrolled, searched } of sizes) {
    const { failures: more, ...figures } = await evaluateSize(enrolled, searched);
    byFacesPerUser.push({ facesPerUser, ...figures });
    // What is wrong with a photo itself was said before.
    failures.push(...more.filter(({ reason }) => reason === 'FAILED'));
  }

  const shown = people.filter(({ images }) => images.length > 0);
  const known = shown.filter(({ userId }) => owners.facesOf.has(userId));
  return {
    collectionId,
    evaluatedAt: new Date().toISOString(),
    faceModelVersion: description.modelVersion,
    collection: { users: owners.facesOf.size, faces: owners.faces },
    probes: {
      photos: photos.length,
      people: known.length,
      strangers: shown.length - known.length,
      enrolled: searched.enrolled,
    },
    leftOut,
    searches: searched.searches,
    failures,
    ...failureToAcquire(searched),
    faces: searched.faces,
    users: searched.users,
    byFacesPerUser,
    calls: Object.fromEntries(sumOf(client.counts, enrolling)),
    seconds: (performance.now() - begin) / 1000,
  };

  /** The same in a collection of some of the photos. Who cannot be enrolled is a stranger there. */
  async function evaluateSize(enrolled: readonly LabelledPerson[], searched: readonly LabelledPhoto[]) {
    const use = async (scratch: CollectionScope) => {
      if (enrolled.length > 0) {
        // With the client as it was given, for this keeps to its pace by itself.
        const unpaced = new FaceCollection(scratch.collectionId, {
          client: collection.client,
          limitInputPixels,
        });
        const options = { severalFaces: 'largest', concurrency, pace, signal } as const;
        const { calls } = await unpaced.enrollMany(enrolled, options);
        for (const [operation, count] of sumOf(enrolling, new Map(Object.entries(calls))))
          enrolling.set(operation, count);
        signal?.throwIfAborted();
        await waitForUsers(scratch, signal);
      }
      const owners = await Owners.list(scratch, signal);
      const { failures, faces, users } = await searchProbes(scratch, searched, owners, request, signal);
      return { people: owners.facesOf.size, failures, faces, users };
    };
    return withScratchCollection(client, 'Evaluating', use, signal);
  }
}

/** Waits until the vectors of all users stand for their faces. */
async function waitForUsers(scope: CollectionScope, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const users = await listUsers(scope, signal).all();
    const updating = users.find(({ status }) => status === 'UPDATING' || status === 'CREATING');
    if (!updating) return;
    await waitForUser(scope, updating.userId, DEFAULTS.waitInterval, signal);
  }
}

function failureToAcquire({
  searches,
  failures,
}: Pick<SearchedProbes, 'searches' | 'failures'>): Pick<Evaluation, 'failureToAcquireRate'> {
  const trials = new Trials();
  const numbers = new Map<string, number>();
  const add = ({ userId, stranger }: Probe, similarity: number) => {
    const person = userId ?? stranger ?? '';
    if (!numbers.has(person)) numbers.set(person, numbers.size);
    trials.add(similarity, numbers.get(person)!);
  };
  for (const search of searches) add(search, 0);
  for (const failure of failures) if (failure.reason !== 'FAILED') add(failure, 1);
  const [failureToAcquireRate] = passingRates(trials, [1]);
  return { ...(failureToAcquireRate && { failureToAcquireRate }) };
}

function sumOf(...counts: readonly ReadonlyMap<string, CallCount>[]): Map<string, CallCount> {
  const sum = new Map<string, CallCount>();
  for (const [operation, { calls, billed, throttled }] of counts.flatMap((each) => [...each])) {
    const before = sum.get(operation) ?? { calls: 0, billed: 0, throttled: 0 };
    sum.set(operation, {
      calls: before.calls + calls,
      billed: before.billed + billed,
      throttled: before.throttled + throttled,
    });
  }
  return sum;
}
