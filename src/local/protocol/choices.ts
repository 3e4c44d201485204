/**
 * What Amazon Rekognition does in these places is written down nowhere, or in two ways that contradict each other.
 * Here is what this engine does, all in one file, so that a choice of ours is not taken for a fact.
 */
export const CHOICES = {
  /**
   * `FaceModelVersion` names the model that made a collection's vectors (model-version.ts), which is what it is for; its
   * shape is a free string. `IndexFacesModelVersion` of a face takes digits and periods alone: this is the newest
   * number that Rekognition is known to give, so that code which asks for a recent model goes its usual way.
   */
  indexFacesModelVersion: '7.0',

  /** Stand in ARNs for the region and the account that a process on your machine does not have. */
  region: 'local',
  accountId: '000000000000',

  /** Pages when the request names no `MaxResults`, or 0, which the model allows and which is documented nowhere. */
  facesPerPage: 1000,
  collectionsPerPage: 1000,
  usersPerPage: 500,

  /** Matches of a search that names no `MaxFaces` or `MaxUsers`. */
  faceMatches: 100,
  userMatches: 100,

  /** How long a `ClientRequestToken` is remembered. Its scope is one operation in one collection. */
  requestTokenLifetimeMs: 10 * 60 * 1000,

  /**
   * `UserStatus` in the answer of a call that changed a user's faces, as in every published example. Here the
   * user vector is made in the same step, so ListUsers and searches say `ACTIVE` (or `CREATED`, when the last
   * face has left) as soon as the call is answered. A call that changed nothing answers the status as it is.
   */
  statusAfterChange: 'UPDATING',
} as const;

/*
 * Choices that are a way of acting rather than a value; each is made where it is named.
 *
 * - Checks come in this order: the request's shape, collection, user, image, face.
 * - AssociateFaces measures a face against the user vector as it was before the call. The faces of a user's first
 *   call are not measured against each other (associate-faces.ts).
 * - AssociateFaces fills a user up to the quota. Faces beyond it are listed as unsuccessful with no reason, since
 *   the model has none for them; when not one more fits, ServiceQuotaExceededException (associate-faces.ts).
 * - IndexFaces recognises a face it has indexed before by image, external image id and bounding box. Without an
 *   external image id every call makes new faces (index-faces.ts).
 * - The quality filter AUTO is LOW, and the bars of each filter are ours (quality-filter.ts).
 * - With a quality filter, the largest face is the largest of those that pass it (described-faces.ts).
 * - `Face.UserId` is filled in search results too (answer-shapes.ts).
 * - ListFaces: filters combine; unknown ids and an unknown user filter everything out (list-faces.ts).
 * - SearchUsers by a user without faces finds nobody; with both or neither of FaceId and UserId it is refused
 *   (search-users.ts).
 * - The model ends pagination tokens at 255 characters, while the guide prints one of 424. Tokens are taken at any
 *   length that could be ours, and only an id of more than 173 characters makes one longer than 255 (pagination.ts).
 * - Vectors of two vector spaces never meet: a collection that was filled by other models is refused
 *   (records/records.ts).
 * - A face that no model can describe, such as a profile without a model for profiles, is set aside by IndexFaces
 *   for its EXTREME_POSE whatever the filter; elsewhere it is answered, and matches nobody (described-faces.ts).
 * - A face seen from the front is searched among faces seen from the front (most-alike.ts).
 */
