import type { UserStatus } from '../../types.js';
import type { UserRecord } from '../records/records.js';

/** A user is active as soon as it has a face: its vector is made in the step that associates the face. */
export function statusOf({ faceIds }: Pick<UserRecord, 'faceIds'>): UserStatus {
  return faceIds.length > 0 ? 'ACTIVE' : 'CREATED';
}
