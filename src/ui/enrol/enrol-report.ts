import type { BulkEnrollment, BulkProgress, RejectedPhoto } from '../../enrollment/bulk-enrollment.js';
import { BulkReport } from '../../enrollment/bulk-report.js';
import type { Enrollment, SeveralFaces } from '../../enrollment/enrollment.js';
import { toRejectedPhoto } from '../../enrollment/findings.js';
import type { LeftOutFile } from '../../enrollment/people.js';
import type { FaceCollection } from '../../face-collection.js';
import type { ImageSource } from '../../images/image-source.js';
import type { Progress } from '../../types.js';
import { PHOTOS_AT_A_TIME } from '../parts/at-a-time.js';
import type { ListedPerson } from './people-of-given-files.js';

/** A rejected photo that can be shown. */
export interface ShownRejection extends RejectedPhoto {
  image: ImageSource;
}

/** What came of enrolling, with the photos that were rejected. */
export interface EnrolReport extends Omit<BulkEnrollment, 'rejected'> {
  rejected: readonly ShownRejection[];
}

interface EnrolOptions<Progressed> {
  severalFaces: SeveralFaces;
  onProgress: (progress: Progressed) => void;
  signal: AbortSignal;
}

/** Enrols people with all their photos. When the signal ends it the report says what was done. */
export async function enrolPeople(
  collection: FaceCollection,
  { people, leftOut }: { people: readonly ListedPerson[]; leftOut: readonly LeftOutFile[] },
  options: EnrolOptions<BulkProgress>,
): Promise<EnrolReport> {
  const rejected: ShownRejection[] = [];
  const entries = [...leftOut, ...people];
  const outcomes = collection.enrollEach(entries, { ...options, concurrency: PHOTOS_AT_A_TIME });
  for (;;) {
    const { done, value } = await outcomes.next();
    if (done) return { ...value, rejected };
    if (value.status === 'enrolled') rejected.push(...rejectionsOf(value.enrollment));
  }
}

/** Adds photos to somebody, known or not. The others that they were enrolled with are not asked for. */
export async function enrolPhotos(
  collection: FaceCollection,
  { userId, images }: ListedPerson,
  options: EnrolOptions<Progress<ImageSource>>,
): Promise<EnrolReport> {
  const enrollment = await collection.enrollUser(userId, images, {
    ...options,
    concurrency: PHOTOS_AT_A_TIME,
  });
  const report = new BulkReport(new Map());
  report.add({ status: 'enrolled', userId, enrollment, former: [] });
  const { findings, ...rest } = report.close([], undefined);
  return {
    ...rest,
    rejected: rejectionsOf(enrollment),
    // They are about all photos of a person, which those of one who was there before are not.
    findings: enrollment.userCreated ? findings : [],
  };
}

function rejectionsOf({ userId, rejected }: Enrollment): ShownRejection[] {
  return rejected.map((each) => ({ ...toRejectedPhoto(userId, each), image: each.image }));
}
