import { randomUUID } from 'node:crypto';
import { IncompleteError } from '../errors.js';
import type { ImageSource } from '../images/image-source.js';
import { LIMITS } from '../limits.js';
import { associateChunk } from '../service/associations.js';
import { chunks } from '../service/chunks.js';
import type { CollectionScope } from '../service/client.js';
import { checkImageName } from '../service/external-image-id.js';
import { deleteFaces } from '../service/faces.js';
import { persistently, withGrace } from '../service/persistence.js';
import type { RejectedFace } from '../service/reasons.js';
import { present } from '../service/shapes.js';
import { createUser, facesOfUser } from '../service/users.js';
import type { Face, UserStatus } from '../types.js';
import { consistentFirst } from './consistency.js';
import { findDuplicate } from './duplicate.js';
import type { EnrolledImage, Enrollment, EnrollRequest } from './enrollment.js';
import { type IndexedOutcome, indexImages, rejected } from './index-images.js';
import { EnrollmentLedger } from './ledger.js';

/** Indexes every image, associates the faces to the user, and takes back what it made when something fails. */
export async function enrollUser(
  scope: CollectionScope,
  userId: string,
  images: readonly ImageSource[],
  request: EnrollRequest,
  signal?: AbortSignal,
): Promise<Enrollment> {
  const names = namesOf(images, request);
  const known = await facesOfUser(scope, userId, signal, { believesNotFound: true });
  const ledger = new EnrollmentLedger();
  try {
    const indexed = await indexImages(scope, images, names, known, ledger, request, signal);
    const groups = await groupFaces(scope, indexed, known, ledger, request, signal);
    const face = groups[0]?.[0] ?? known[0]?.faceId;
    const duplicateOf = await findDuplicate(scope, userId, face, request.duplicateThreshold, signal);
    const { rejections, userStatus } = await associate(scope, userId, groups, ledger, request, signal);
    const outcomes = indexed.map((outcome) => toEnrolledImage(outcome, ledger, rejections));
    if (!request.keepRejected) await deleteRejected(scope, indexed, ledger, rejections, signal);
    return present({
      userId,
      userCreated: ledger.userCreated,
      userStatus,
      duplicateOf,
      images: outcomes,
      associated: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [] : outcome.faces)),
      rejected: outcomes.filter((outcome) => outcome.status === 'rejected'),
    });
  } catch (error) {
    const leftBehind = await ledger.takeBack(scope, userId);
    if (leftBehind) throw new IncompleteError('Enrolling', userId, leftBehind, { cause: error });
    throw error;
  }
}

/** The caller's names for the images, all of them checked before anything is sent. */
function namesOf(
  images: readonly ImageSource[],
  { imageName }: EnrollRequest,
): ReadonlyMap<ImageSource, string> {
  const names = new Map<ImageSource, string>();
  for (const [index, image] of images.entries()) {
    const name = imageName?.(image);
    if (name === undefined) continue;
    checkImageName(`options.imageName(images[${index}])`, name);
    names.set(image, name);
  }
  return names;
}

/** The faces that are new to the user, in the order in which they are associated: those of the first group first. */
async function groupFaces(
  scope: CollectionScope,
  indexed: readonly IndexedOutcome[],
  known: readonly Face[],
  ledger: EnrollmentLedger,
  { severalFaces, threshold }: EnrollRequest,
  signal?: AbortSignal,
): Promise<string[][]> {
  const faceIds = indexed
    .flatMap((outcome) => (outcome.status === 'indexed' ? outcome.faces : []))
    .map(({ faceId }) => faceId)
    .filter((faceId) => ledger.indexed.has(faceId));
  if (faceIds.length === 0) return [];
  // The service compares them with the faces that the user has. The members of a band need not be alike.
  if (known.length > 0 || severalFaces === 'all') return [faceIds];
  return consistentFirst(scope, faceIds, threshold, signal);
}

/** Makes the user when there is somebody to make it of, and associates the faces that are new to it. */
async function associate(
  scope: CollectionScope,
  userId: string,
  groups: readonly string[][],
  ledger: EnrollmentLedger,
  { threshold }: EnrollRequest,
  signal?: AbortSignal,
): Promise<{ rejections: Map<string, RejectedFace>; userStatus: UserStatus | undefined }> {
  const rejections = new Map<string, RejectedFace>();
  if (groups.length === 0) return { rejections, userStatus: undefined };

  const token = randomUUID();
  await ledger.make(
    {
      call: (own) => createUser(scope, userId, own, token),
      enter: (isCreated) => {
        ledger.userCreated = isCreated;
      },
      possible: { user: true },
    },
    signal,
  );
  let userStatus: UserStatus | undefined;
  for (const chunk of groups.flatMap((group) => [...chunks(group, LIMITS.faceIdsPerAssociation)])) {
    for (const faceId of chunk) ledger.associated.add(faceId);
    const association = await withGrace(signal, (own) =>
      associateChunk(scope, userId, chunk, threshold, own),
    );
    for (const faceId of association.alreadyAssociated) {
      ledger.associated.delete(faceId);
      // Another enrolment shares the user by now, so it is not ours to delete.
      ledger.userCreated = false;
    }
    for (const face of association.rejected) {
      ledger.associated.delete(face.faceId);
      rejections.set(face.faceId, face);
    }
    userStatus = association.userStatus ?? userStatus;
    signal?.throwIfAborted();
  }
  if (ledger.userCreated && ledger.associated.size === 0) {
    // A user without a face can never be found: it would be half an enrolment.
    await persistently(signal, (persistence) => ledger.deleteCreatedUser(scope, userId, persistence));
    userStatus = undefined;
  }
  return { rejections, userStatus };
}

function toEnrolledImage(
  outcome: IndexedOutcome,
  ledger: EnrollmentLedger,
  rejections: ReadonlyMap<string, RejectedFace>,
): EnrolledImage {
  const { image } = outcome;
  if (outcome.status === 'rejected') return outcome;
  if (outcome.status === 'repeated') {
    const first = toEnrolledImage(outcome.first, ledger, rejections);
    if (first.status === 'rejected') return { ...first, image };
    return { status: 'known', image, faces: first.faces.map((face) => ({ ...face, image })) };
  }
  const rejectedFaces = outcome.faces.flatMap(({ faceId }) => rejections.get(faceId) ?? []);
  const [first] = rejectedFaces;
  const taken = outcome.faces
    .filter(({ faceId }) => !rejections.has(faceId))
    .map((face) => ({ ...face, image }));
  if (first && taken.length === 0)
    return rejected(image, first, { detectedFaces: outcome.detectedFaces, rejectedFaces });
  return taken.some(({ faceId }) => ledger.associated.has(faceId))
    ? { status: 'associated', image, faces: taken, rejectedFaces }
    : { status: 'known', image, faces: taken };
}

/** Deletes what was indexed and became part of nobody: rejected faces, and those that were not meant. */
async function deleteRejected(
  scope: CollectionScope,
  indexed: readonly IndexedOutcome[],
  ledger: EnrollmentLedger,
  rejections: ReadonlyMap<string, RejectedFace>,
  signal?: AbortSignal,
): Promise<void> {
  const meant = new Set(
    indexed
      .flatMap((outcome) => (outcome.status === 'indexed' ? outcome.faces : []))
      .map(({ faceId }) => faceId),
  );
  const orphans = [...ledger.indexed].filter((faceId) => {
    const rejection = rejections.get(faceId);
    return rejection ? rejection.userId === undefined : !meant.has(faceId);
  });
  if (orphans.length > 0)
    await persistently(signal, (persistence) => deleteFaces(scope, orphans, persistence));
}
