import { checkUserId } from '../arguments.js';
import { isRekollectError } from '../errors.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import type { CollectionScope } from '../service/client.js';
import { isRefusal, pause } from '../service/persistence.js';
import { facesOfUser } from '../service/users.js';
import type { Face } from '../types.js';
import type { BulkRequest, PersonEnrollment } from './bulk-enrollment.js';
import { enrollUser } from './enroll-user.js';
import type { EnrolledPhotos } from './enrolled-photos.js';
import { removeFaces } from './erase.js';
import { areEnrolled, currentPhotos, formerPhotos } from './former-photos.js';
import type { Person } from './people.js';

/** Milliseconds before a person is tried again while the service is out of order. */
const WAITS = [500, 2000];

/** Enrolls one person of many, as far as that is not done, and deletes the faces of photos that are no more. */
export async function enrollPerson(
  scope: CollectionScope,
  { userId, images: given }: Person,
  enrolled: EnrolledPhotos,
  request: BulkRequest,
  signal?: AbortSignal,
): Promise<PersonEnrollment> {
  checkUserId(userId);
  const images: ImageSource[] = [];
  for await (const image of given) {
    checkImage(image, `the images of ${userId}`);
    images.push(image);
  }
  const listFaces = () => facesOfUser(scope, userId, signal, { believesNotFound: true });
  const noted = enrolled.take(userId);
  const listed = noted ? undefined : await listFaces();
  // A new user has no faces to ask for, unless a try that failed has left some.
  const known = noted?.length === 0 ? [] : listed;
  const before = noted ?? (listed ?? []).map(({ externalImageId = '' }) => externalImageId);
  const photos = before.length > 0 ? await currentPhotos(images, request, signal) : undefined;
  if (photos && areEnrolled(before, photos)) return { status: 'unchanged', userId, photos: images.length };

  for (let failures = 0; ; failures++) {
    try {
      return await enroll((failures === 0 && known) || (await listFaces()));
    } catch (error) {
      const wait = WAITS[failures];
      if (wait === undefined || signal?.aborted || isFinal(error)) throw error;
      // What was made is taken back, or is known by the next try.
      await pause(wait, signal);
    }
  }

  async function enroll(known: readonly Face[]): Promise<PersonEnrollment> {
    const enrollment = await enrollUser(scope, userId, images, request, signal, known);
    const former = photos ? formerPhotos(known, photos, enrollment, request.prune) : [];
    const outdated = former.flatMap(({ deleted, faceIds }) => (deleted ? faceIds : []));
    if (outdated.length === 0) return { status: 'enrolled', userId, enrollment, former };
    await removeFaces(scope, outdated, true, signal);
    const wasFull = enrollment.rejected.some(({ reason }) => reason === 'USER_IS_FULL');
    const again = wasFull ? await enrollUser(scope, userId, images, request, signal) : enrollment;
    return { status: 'enrolled', userId, enrollment: again, former };
  }
}

function isFinal(error: unknown): boolean {
  return isRefusal(isRekollectError(error, 'INCOMPLETE') ? error.cause : error);
}
