import pLimit from 'p-limit';
import { mapBounded } from '../bounded.js';
import { contentId } from '../enrollment/content-id.js';
import { asError } from '../errors.js';
import type { ImageSource } from '../images/image-source.js';
import { toSendableImage } from '../images/prepare.js';
import { readOnce } from '../images/read-once.js';
import { LIMITS } from '../limits.js';
import { throwIfForEveryPhoto } from '../photo-search/search-photos.js';
import type { CollectionScope } from '../service/client.js';
import { searchFacesByImage, searchUsersByImage, type Unsearchable } from '../service/searches.js';
import type { QualityFilter } from '../types.js';
import { type AccuracyRequest, Answers, type OwnedMatch } from './accuracy.js';
import type { Accuracy, FailedProbe, Probe, ProbeSearch } from './evaluation.js';
import type { Owners } from './owners.js';
import type { LabelledPhoto } from './probes.js';

export interface ProbeRequest extends AccuracyRequest {
  readonly qualityFilter: QualityFilter;
  readonly concurrency: number;
  readonly limitInputPixels: number | undefined;
  /** Called after each photo. */
  readonly onPhoto: (image: ImageSource) => void;
}

/** What came of searching photos. */
export interface SearchedProbes {
  readonly searches: ProbeSearch[];
  readonly failures: FailedProbe[];
  readonly enrolled: number;
  readonly faces: Accuracy;
  readonly users: Accuracy;
}

/** Searches the largest face of each photo among all faces and all users of a collection. */
export async function searchProbes(
  scope: CollectionScope,
  photos: readonly LabelledPhoto[],
  owners: Owners,
  request: ProbeRequest,
  signal: AbortSignal | undefined,
): Promise<SearchedProbes> {
  const { qualityFilter, limitInputPixels } = request;
  const numbers = new Map<string, number>();
  // In an order that does not come from ids of faces, which are random: the same photos have the same intervals.
  for (const userId of [...photos.map(({ userId }) => userId), ...[...owners.facesOf.keys()].sort()])
    if (!numbers.has(userId)) numbers.set(userId, numbers.size);
  const numberOf = (userId: string) => numbers.get(userId)!;
  const entries = [...owners.facesOf].map(([userId, faces]) => [numberOf(userId), faces] as const);
  const faces = new Answers(new Map(entries), request);
  const users = new Answers(new Map(entries.map(([person]) => [person, 1])), request);

  const outcomes = await mapBounded(photos, pLimit(request.concurrency), async (photo) => {
    signal?.throwIfAborted();
    const probe = probeOf(photo);
    try {
      return await search(photo, probe);
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = asError(thrown);
      throwIfForEveryPhoto(error);
      return { ...probe, reason: 'FAILED', message: error.message };
    } finally {
      request.onPhoto(photo.image);
    }
  });
  const searches: ProbeSearch[] = [];
  const failures: FailedProbe[] = [];
  for (const outcome of outcomes) {
    if (outcome === 'enrolled') continue;
    if ('reason' in outcome) failures.push(outcome);
    else searches.push(outcome);
  }
  const enrolled = photos.length - searches.length - failures.length;
  return { searches, failures, enrolled, faces: faces.accuracy(), users: users.accuracy() };

  async function search(
    { userId, image }: LabelledPhoto,
    probe: Probe,
  ): Promise<ProbeSearch | FailedProbe | 'enrolled'> {
    const source = readOnce(image);
    if (owners.hasPhoto(await contentId(source, signal))) return 'enrolled';
    const sendable = await toSendableImage(source, { signal, limitInputPixels });
    const ask = (limit: number) => ({ threshold: 0, limit, qualityFilter });
    // One after the other: where there is no face, or the first call fails, no second one has to be paid.
    const byFace = await searchFacesByImage(scope, sendable, ask(LIMITS.faceMatches), signal);
    if (byFace.status === 'unsearchable') return { ...probe, ...failureOf(byFace) };
    const byUser = await searchUsersByImage(scope, sendable, ask(LIMITS.userMatches), signal);
    if (byUser.status === 'unsearchable') return { ...probe, ...failureOf(byUser) };

    const searcher = { person: numberOf(userId), isStranger: probe.stranger !== undefined };
    const owned = (owner: string | undefined, similarity: number): OwnedMatch => ({
      owner: owner === undefined ? undefined : numbers.get(owner),
      userId: owner ?? '',
      similarity,
    });
    const faceMatches = byFace.found.map(({ faceId, similarity }) =>
      owned(owners.userOf(faceId), similarity),
    );
    const userMatches = byUser.found.map(({ userId, similarity }) => owned(userId, similarity));
    return {
      ...probe,
      faces: faces.add(searcher, faceMatches, isCut(faceMatches, LIMITS.faceMatches, owners.faces)),
      users: users.add(searcher, userMatches, isCut(userMatches, LIMITS.userMatches, owners.facesOf.size)),
    };
  }

  function probeOf({ userId, image: { name, photoName = name } }: LabelledPhoto): Probe {
    return { photoName, ...(owners.facesOf.has(userId) ? { userId } : { stranger: userId }) };
  }
}

function isCut(matches: readonly unknown[], limit: number, all: number): boolean {
  return matches.length >= limit && all > limit;
}

function failureOf({ reason }: Unsearchable): { reason: string; message: string } {
  const message =
    reason === 'NO_FACE' ? 'No face was found.' : `The face is too poor to be searched: ${reason}.`;
  return { reason, message };
}
