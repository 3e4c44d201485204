import pLimit from 'p-limit';
import { checkCollectionId, checkFaceId, checkFaceIds, checkOptions, checkUserId } from './arguments.js';
import type { AuditFinding, AuditOptions, AuditPlan, AuditPlanOptions, UserAudit } from './audit/audit.js';
import { auditUsers, planAudit } from './audit/audit-users.js';
import { associate } from './enrollment/associate.js';
import type { BulkEnrollment, EnrollManyOptions, PersonEnrollment } from './enrollment/bulk-enrollment.js';
import { enrollMany, resultOf } from './enrollment/enroll-many.js';
import { enrollUser } from './enrollment/enroll-user.js';
import type { Enrollment, EnrollOptions, EnrollRequest } from './enrollment/enrollment.js';
import { type Erasure, eraseUser, removeFaces } from './enrollment/erase.js';
import { mergeUsers, type UserMerge } from './enrollment/merge-users.js';
import { type FaceMove, moveFaces } from './enrollment/move-faces.js';
import { checkPeople, type People } from './enrollment/people.js';
import { type EnrollmentPlan, type PlanOptions, planEnrollment } from './enrollment/plan.js';
import { InvalidArgumentError } from './errors.js';
import type { FaceGroups } from './face-grouping/face-groups.js';
import { groupFaces, type PhotosToGroup } from './face-grouping/group-faces.js';
import { checkImage, checkImages, type ImageSource } from './images/image-source.js';
import { toSendableImage } from './images/prepare.js';
import { DEFAULTS } from './limits.js';
import type { Listing } from './listing.js';
import type { CollectionMove, MoveOptions, MovePlan, MovePlanOptions, PhotosAtHand } from './moving/move.js';
import { moveCollection, planMove } from './moving/move-collection.js';
import { checkPhotosAtHand } from './moving/photos-at-hand.js';
import {
  ASSOCIATE,
  AUDIT,
  AUDIT_PLAN,
  CALL,
  COLLECTION,
  COMPARE,
  CREATE,
  DELETE_FACES,
  DETECT,
  ENROLL,
  ENROLL_MANY,
  fromUser,
  GROUP_FACES,
  INDEX,
  isIdOf,
  LIST,
  LIST_FACES,
  MOVE,
  MOVE_PLAN,
  PLAN,
  SEARCH_FACES,
  SEARCH_USERS,
  searchPhotoBy,
  searchPhotosBy,
  searchRequest,
  WAIT,
  withoutImage,
} from './option-checks.js';
import type {
  AssociateOptions,
  CompareOptions,
  CreateOptions,
  DeleteFacesOptions,
  DetectOptions,
  FaceCollectionOptions,
  GroupFacesOptions,
  IndexOptions,
  ListFacesOptions,
  SearchOptions,
  SearchPhotoOptions,
  SearchPhotosOptions,
  WaitOptions,
} from './options.js';
import { type PhotoSearch, type PhotoSearchRequest, searchPhoto } from './photo-search/search-photo.js';
import { searchPhotos } from './photo-search/search-photos.js';
import { checkPhotos, type Photos, type SearchedPhoto } from './photo-search/searched-photo.js';
import { type Association, type Disassociation, disassociate } from './service/associations.js';
import { type CollectionScope, type CommandClient, checkClientOf } from './service/client.js';
import {
  type CollectionDescription,
  type CollectionSummary,
  createCollection,
  deleteCollection,
  describeCollection,
  listCollections,
} from './service/collections.js';
import { type Comparison, compareFaces, detectFaces } from './service/detection.js';
import { type Deletion, type IndexedImage, indexFaces, listFaces } from './service/faces.js';
import { observed } from './service/observed-client.js';
import { type SearchResult, toAsk, toResult } from './service/outcomes.js';
import {
  searchFacesById,
  searchFacesByImage,
  searchUsersById,
  searchUsersByImage,
} from './service/searches.js';
import { createUser, deleteUser, listUsers, waitForUser } from './service/users.js';
import type { CallOptions, DetectedFace, Face, FaceMatch, User, UserMatch } from './types.js';

/**
 * A named store of faces and users, and everything one does with it.
 *
 * Every method checks its arguments before anything is sent and throws an `InvalidArgumentError` for those the service
 * would refuse, and for options that it does not know. Errors of the service (`ResourceNotFoundException`,
 * `AccessDeniedException` …) pass through as they are, but for a sentence on what to do in the messages of some.
 *
 * @example
 * const team = new FaceCollection('team', { client: new LocalRekognition() });
 * await team.create();
 * await team.enrollUser('ada', [fromFile('ada-1.jpg'), fromFile('ada-2.jpg')]);
 * const { faces } = await team.searchPhoto(fromFile('party.jpg'));
 */
export class FaceCollection {
  readonly collectionId: string;
  readonly #scope: CollectionScope;
  readonly #limitInputPixels: number | undefined;

  /**
   * Makes nothing yet: `create` does.
   *
   * @param collectionId 1 to 255 letters, digits, `_`, `.` and `-`
   */
  constructor(collectionId: string, options: FaceCollectionOptions) {
    checkCollectionId(collectionId);
    checkClientOf(options);
    const { client, limitInputPixels, onCall } = checkOptions(options, COLLECTION);
    this.collectionId = collectionId;
    this.#scope = { client: observed(client, onCall), collectionId };
    this.#limitInputPixels = limitInputPixels;
  }

  /** Who answers, as it was given; with `onCall`, one that tells of each call. */
  get client(): CommandClient {
    return this.#scope.client;
  }

  /** Most pixels that an image may have, if that was given. */
  get limitInputPixels(): number | undefined {
    return this.#limitInputPixels;
  }

  /** Every collection of the account, or of the local engine. */
  static list(
    options: Pick<FaceCollectionOptions, 'client' | 'onCall'> & CallOptions,
  ): Listing<CollectionSummary> {
    checkClientOf(options);
    const { client, signal, onCall } = checkOptions(options, LIST);
    return listCollections(observed(client, onCall), signal);
  }

  // The collection

  /** Makes the collection. No complaint when it exists. */
  async create(options: CreateOptions = {}): Promise<{ created: boolean }> {
    const { tags, signal } = checkOptions(options, CREATE);
    return { created: await createCollection(this.#scope, tags, signal) };
  }

  /** How many faces and users it has, which face model makes its vectors, and when it was made. */
  async describe(options: CallOptions = {}): Promise<CollectionDescription> {
    return describeCollection(this.#scope, checkOptions(options, CALL).signal);
  }

  /** Deletes the collection with all its faces and users. No complaint when it is gone. */
  async delete(options: CallOptions = {}): Promise<{ deleted: boolean }> {
    return { deleted: await deleteCollection(this.#scope, checkOptions(options, CALL).signal) };
  }

  // Users

  /** Makes a user, with no faces yet. No complaint when it exists. */
  async createUser(userId: string, options: CallOptions = {}): Promise<{ created: boolean }> {
    checkUserId(userId);
    return { created: await createUser(this.#scope, userId, checkOptions(options, CALL).signal) };
  }

  /** Every user, in no particular order. */
  listUsers(options: CallOptions = {}): Listing<User> {
    return listUsers(this.#scope, checkOptions(options, CALL).signal);
  }

  /**
   * Deletes a user. Its faces stay in the collection, associated to nobody: see `eraseUser`. No complaint when it is
   * gone.
   */
  async deleteUser(userId: string, options: CallOptions = {}): Promise<{ deleted: boolean }> {
    checkUserId(userId);
    return { deleted: await deleteUser(this.#scope, userId, checkOptions(options, CALL).signal) };
  }

  /**
   * Deletes everything about a person: the user and all its faces. No complaint when it is gone. It is done
   * once no face of the user is found any more.
   *
   * @throws IncompleteError when it failed half-way; it names the faces that are left, and calling again
   * completes it
   */
  async eraseUser(userId: string, options: CallOptions = {}): Promise<Erasure> {
    checkUserId(userId);
    return eraseUser(this.#scope, userId, checkOptions(options, CALL).signal);
  }

  /**
   * Waits until the user's vector stands for all its faces (`ACTIVE`). On AWS that takes seconds, sometimes a minute.
   *
   * Without a signal it waits for five minutes at most.
   *
   * @throws UserNotReadyError when there is no such user, it has no faces and so will never be active, or it
   * took too long
   */
  async waitForUser(userId: string, options: WaitOptions = {}): Promise<User> {
    checkUserId(userId);
    const { interval = DEFAULTS.waitInterval, signal } = checkOptions(options, WAIT);
    return waitForUser(this.#scope, userId, interval, signal);
  }

  /**
   * Makes a user out of photos of one person: each is indexed, and its face associated to the user, which is made if
   * need be. The answer says for every image what became of it. Running it again adds nothing twice. A photo of
   * somebody else among those of a new user is rejected: see `threshold`.
   *
   * An image that cannot be used spoils no other. When a call fails, what this enrolment made is taken back and the
   * call's error is thrown.
   *
   * @throws IncompleteError when taking it back failed too, or may have
   *
   * @example
   * const ada = await team.enrollUser('ada', [fromFile('ada-1.jpg'), fromFile('ada-2.jpg')]);
   * for (const { image, reason } of ada.rejected) console.warn(`${image.name}: ${reason}`);
   */
  async enrollUser(
    userId: string,
    images: readonly ImageSource[],
    options: EnrollOptions = {},
  ): Promise<Enrollment> {
    checkUserId(userId);
    checkImages(images);
    const { concurrency = DEFAULTS.concurrency, onProgress, signal } = checkOptions(options, ENROLL);
    const request = { ...this.#enrollRequest(options, concurrency), onProgress };
    return enrollUser(this.#scope, userId, images, request, signal);
  }

  /**
   * Enrolls many people, as `enrollUser` does each, at the pace that the service allows. A photo or a person that fails
   * stops no other. What the collection holds already is not sent again: the same call completes what an interruption
   * has left, takes up photos that were added, and replaces those that have changed.
   *
   * @param people `fromFolder('people')`, `fromBucket({ bucket, prefix })`, or anything that iterates over
   * `{ userId, images }`, each user once
   * @returns a report. When the signal ends this it is returned too, with the signal's reason as `stopped`
   * @throws an error that everybody who comes next would meet as well, as `AccessDeniedException` or
   * `MissingPackageError`, and what `people` throws. Calling again goes on from there
   *
   * @example
   * const { rejected, findings } = await team.enrollMany(fromFolder('people'));
   * for (const { message } of [...rejected, ...findings]) console.warn(message);
   */
  async enrollMany(people: People, options: EnrollManyOptions = {}): Promise<BulkEnrollment> {
    return resultOf(this.enrollEach(people, options));
  }

  /**
   * As `enrollMany`, for those who want to know of each person as soon as they are done. Returns the report, too. To
   * break off the loop ends it once those in work are done.
   *
   * @example
   * for await (const person of team.enrollEach(fromFolder('people'))) console.log(person.userId, person.status);
   */
  enrollEach(
    people: People,
    options: EnrollManyOptions = {},
  ): AsyncGenerator<PersonEnrollment, BulkEnrollment, void> {
    checkPeople(people);
    const { concurrency = DEFAULTS.bulkConcurrency, signal, ...given } = checkOptions(options, ENROLL_MANY);
    const { pace, prune = false, onProgress: onPerson } = given;
    const request = { ...this.#enrollRequest(options, concurrency), concurrency, pace, prune, onPerson };
    return enrollMany(this.#scope, people, request, signal);
  }

  /**
   * What `enrollMany` would do if nothing of it was done before: how many calls, how long at the pace of the service,
   * and at what price. Lists the people and asks the service nothing.
   *
   * @example
   * const { photos, seconds, price } = await team.planEnrollment(fromFolder('people'), { pricePerCall: 0.001 });
   */
  async planEnrollment(people: People, options: PlanOptions = {}): Promise<EnrollmentPlan> {
    checkPeople(people);
    return planEnrollment(this.#scope.client, people, checkOptions(options, PLAN));
  }

  // Faces

  /** Finds the faces of an image and stores a vector of each. The image itself is not stored. */
  async indexFaces(image: ImageSource, options: IndexOptions = {}): Promise<IndexedImage> {
    checkImage(image);
    const { signal, ...given } = checkOptions(options, INDEX);
    const request = { ...given, qualityFilter: given.qualityFilter ?? DEFAULTS.indexQualityFilter };
    return indexFaces(this.#scope, await this.#open(image, signal), request, signal);
  }

  /** Every face of the collection, or of a user, in no particular order. */
  listFaces(options: ListFacesOptions = {}): Listing<Face> {
    const { signal, ...filter } = checkOptions(options, LIST_FACES);
    return listFaces(this.#scope, filter, signal);
  }

  /**
   * Deletes any number of faces, and says of each that could not be deleted why not. A face that belongs to a user is
   * rejected, unless `evenIfAssociated` is set.
   *
   * @throws IncompleteError when a call failed for good and some are deleted, or may be; calling again
   * completes it
   */
  async deleteFaces(faceIds: readonly string[], options: DeleteFacesOptions = {}): Promise<Deletion> {
    checkFaceIds(faceIds);
    const { evenIfAssociated = false, signal } = checkOptions(options, DELETE_FACES);
    return removeFaces(this.#scope, faceIds, evenIfAssociated, signal);
  }

  /** Every face of an image, up to the 100 largest. Nothing is stored, and the collection is not asked. */
  async detectFaces(image: ImageSource, options: DetectOptions = {}): Promise<DetectedFace[]> {
    checkImage(image);
    const { attributes, signal } = checkOptions(options, DETECT);
    return detectFaces(this.#scope.client, await this.#open(image, signal), attributes, signal);
  }

  /** How alike the largest face of one image is to each face of another. The collection is not asked. */
  async compareFaces(
    source: ImageSource,
    target: ImageSource,
    options: CompareOptions = {},
  ): Promise<Comparison> {
    checkImage(source, 'source');
    checkImage(target, 'target');
    const { signal } = checkOptions(options, COMPARE);
    const request = {
      threshold: options.threshold ?? DEFAULTS.searchThreshold,
      qualityFilter: options.qualityFilter ?? DEFAULTS.searchQualityFilter,
    };
    const [sourceImage, targetImage] = await Promise.all([
      this.#open(source, signal),
      this.#open(target, signal),
    ]);
    return compareFaces(this.#scope.client, sourceImage, targetImage, request, signal);
  }

  /**
   * Makes stored faces part of a user. Any number of ids; a user takes 100 faces. Faces that are rejected are named
   * with the reason; those that were part of the user before are named too.
   *
   * @throws IncompleteError when a call failed for good and some are associated, or may be; calling again
   * completes it
   */
  async associate(
    userId: string,
    faceIds: readonly string[],
    options: AssociateOptions = {},
  ): Promise<Association> {
    checkUserId(userId);
    checkFaceIds(faceIds);
    const { threshold = DEFAULTS.associationThreshold, signal } = checkOptions(options, ASSOCIATE);
    return associate(this.#scope, userId, faceIds, threshold, signal);
  }

  /** Takes faces from a user. They stay in the collection, associated to nobody. */
  async disassociate(
    userId: string,
    faceIds: readonly string[],
    options: CallOptions = {},
  ): Promise<Disassociation> {
    checkUserId(userId);
    checkFaceIds(faceIds);
    return disassociate(this.#scope, userId, faceIds, checkOptions(options, CALL).signal);
  }

  // Users in order

  /**
   * What is wrong with the collection's users, as searches of it show: faces that look like another user or like none,
   * users that look like one person, that have too few faces or all of one photo, or whose vector is not made, and faces
   * that belong to nobody. Each finding says in a sentence what to do. Changes nothing.
   *
   * It takes a search for each face and each user: `planAudit` says how many. One that fails spoils no other.
   *
   * @returns a report. When the signal ends this it is returned too, with the signal's reason as `stopped`
   * @throws an error that every search would meet, as `AccessDeniedException`
   *
   * @example
   * for (const { message } of (await team.auditUsers()).findings) console.warn(message);
   */
  async auditUsers(options: AuditOptions = {}): Promise<UserAudit> {
    return resultOf(this.auditEach(options));
  }

  /**
   * As `auditUsers`, for those who want to know of each finding as soon as it is made. Returns the report, too.
   *
   * @example
   * for await (const { kind, message } of team.auditEach()) console.warn(kind, message);
   */
  auditEach(options: AuditOptions = {}): AsyncGenerator<AuditFinding, UserAudit, void> {
    const { signal, ...given } = checkOptions(options, AUDIT);
    const request = {
      threshold: given.threshold ?? DEFAULTS.searchThreshold,
      duplicateThreshold: given.duplicateThreshold ?? DEFAULTS.duplicateThreshold,
      repeatThreshold: given.repeatThreshold ?? DEFAULTS.repeatThreshold,
      minFaces: given.minFaces ?? DEFAULTS.minFaces,
      concurrency: given.concurrency ?? DEFAULTS.bulkConcurrency,
      pace: given.pace,
      onProgress: given.onProgress,
    };
    return auditUsers(this.#scope, request, signal);
  }

  /** How many calls `auditUsers` takes, how long at the pace of the service, and at what price. Lists the collection. */
  async planAudit(options: AuditPlanOptions = {}): Promise<AuditPlan> {
    return planAudit(this.#scope, checkOptions(options, AUDIT_PLAN));
  }

  /**
   * Makes one user of two that are one person: moves all faces of `from` to `into`, then deletes `from`. No complaint
   * when `from` is gone. Where faces are rejected they stay with `from`, which is not deleted then.
   *
   * @throws UserIsFullError when the two have more than 100 faces; nothing was changed
   * @throws UserNotReadyError when there is no user `into`
   * @throws IncompleteError when it failed half-way; it names the faces that have moved, and those that are nobody's
   * now. Calling again completes it
   */
  async mergeUsers(from: string, into: string, options: AssociateOptions = {}): Promise<UserMerge> {
    checkUserId(from, 'from');
    checkUserId(into, 'into');
    const { threshold = DEFAULTS.associationThreshold, signal } = checkOptions(options, ASSOCIATE);
    return mergeUsers(this.#scope, from, into, threshold, signal);
  }

  /**
   * Makes faces part of a user, whosever they were: they are taken from the users they belong to, and associated to this
   * one, which is made if need be. Those that it does not take go back. Safe to run again.
   *
   * @throws UserIsFullError when the user would have more than 100 faces; nothing was changed
   * @throws IncompleteError when it failed half-way; it names the faces that have moved, and those that are nobody's
   * now. Calling again completes it
   */
  async moveFaces(faceIds: readonly string[], to: string, options: AssociateOptions = {}): Promise<FaceMove> {
    checkFaceIds(faceIds);
    checkUserId(to, 'to');
    const { threshold = DEFAULTS.associationThreshold, signal } = checkOptions(options, ASSOCIATE);
    return moveFaces(this.#scope, faceIds, to, threshold, signal);
  }

  // To another collection

  /**
   * Enrolls the faces and users of this collection in another, of another model or elsewhere, from their photos: no
   * service hands out vectors, and those of two models cannot be converted. Users keep their ids, faces the names of
   * their photos. Of a photo only those faces are taken that this collection has of it. Changes nothing here.
   *
   * The report has the new ids of faces by the old ones, and says of each face that was not moved why. A photo or a
   * user that fails stops no other. What is there already is not sent again: the same call completes what an
   * interruption has left, and answers all ids.
   *
   * @param to a collection that is there: `create` makes it
   * @param photos `fromFolder('people')`, `fromBucket({ bucket, prefix })`, or anything that iterates over
   * `{ userId, images }` or images. They are looked through for those that the faces came from, by their content
   * @returns a report. When the signal ends this it is returned too, with the signal's reason as `stopped`
   * @throws an error that everything that comes next would meet as well, as `AccessDeniedException` or
   * `MissingPackageError`, and what `photos` throws. Calling again goes on from there
   *
   * @example
   * const { faceIds, unmoved } = await local.moveCollection(aws, fromFolder('people'));
   * for (const { message } of unmoved) console.warn(message);
   */
  async moveCollection(
    to: FaceCollection,
    photos: PhotosAtHand,
    options: MoveOptions = {},
  ): Promise<CollectionMove> {
    const scope = this.#otherScope(to);
    checkPhotosAtHand(photos);
    const { signal, ...given } = checkOptions(options, MOVE);
    const request = {
      threshold: given.threshold ?? 0,
      qualityFilter: given.qualityFilter ?? 'NONE',
      concurrency: given.concurrency ?? DEFAULTS.bulkConcurrency,
      pace: given.pace,
      onProgress: given.onProgress,
      limitInputPixels: to.#limitInputPixels,
    };
    return moveCollection(this.#scope, scope, photos, request, signal);
  }

  /**
   * What `moveCollection` would do: how many faces can be moved and are there already, which cannot and why, how many
   * calls it takes, how long at the pace of the service, and at what price. Lists both collections and looks through the
   * photos.
   *
   * @example
   * const { movable, unmoved, seconds, price } = await local.planMove(aws, photos, { pricePerCall: 0.001 });
   */
  async planMove(to: FaceCollection, photos: PhotosAtHand, options: MovePlanOptions = {}): Promise<MovePlan> {
    const scope = this.#otherScope(to);
    checkPhotosAtHand(photos);
    return planMove(this.#scope, scope, photos, checkOptions(options, MOVE_PLAN));
  }

  // Searches

  /**
   * The stored faces that are like the largest face of an image, or like a stored face, which is not among them:
   * `matched`, `unmatched`, or `unsearchable` with the reason, as of an image without a face. It is `ambiguous` where
   * two users are as good as equally alike, and `suggested` below the threshold, if asked.
   *
   * @example
   * const found = await team.searchFaces(fromFile('ada-3.jpg'), { threshold: 99 });
   * if (found.status === 'matched') console.log(found.matches[0].faceId);
   */
  async searchFaces(
    of: ImageSource | { faceId: string },
    options: SearchOptions = {},
  ): Promise<SearchResult<FaceMatch>> {
    const request = searchRequest(options, SEARCH_FACES);
    const asked = { ...toAsk('faces', request), qualityFilter: request.qualityFilter };
    const { signal } = options;
    if (isIdOf('faceId', of)) {
      checkOptions(options, withoutImage(SEARCH_FACES));
      checkFaceId(of.faceId);
      return toResult(await searchFacesById(this.#scope, of.faceId, asked, signal), request);
    }
    checkImage(of);
    const image = await this.#open(of, signal);
    return toResult(await searchFacesByImage(this.#scope, image, asked, signal), request);
  }

  /**
   * The users that are like the largest face of an image, like a stored face, or like another user: `matched`,
   * `unmatched`, or `unsearchable` with the reason, as of an image without a face. It is `ambiguous` where two users
   * are as good as equally alike, and `suggested` below the threshold, if asked. A search that starts from a user is
   * never `ambiguous`: everybody alike is an answer.
   */
  async searchUsers(
    of: ImageSource | { faceId: string } | { userId: string },
    options: SearchOptions = {},
  ): Promise<SearchResult<UserMatch>> {
    const request = searchRequest(options, SEARCH_USERS);
    const asked = { ...toAsk('users', request), qualityFilter: request.qualityFilter };
    const { signal } = options;
    if (isIdOf('faceId', of)) {
      checkOptions(options, withoutImage(SEARCH_USERS));
      checkFaceId(of.faceId);
      return toResult(await searchUsersById(this.#scope, { faceId: of.faceId }, asked, signal), request);
    }
    if (isIdOf('userId', of)) {
      checkOptions(options, fromUser(SEARCH_USERS));
      checkUserId(of.userId);
      const everybody = { ...request, margin: undefined };
      const { userId } = of;
      const answer = await searchUsersById(this.#scope, { userId }, toAsk('users', everybody), signal);
      return toResult(answer, everybody);
    }
    checkImage(of);
    const image = await this.#open(of, signal);
    return toResult(await searchUsersByImage(this.#scope, image, asked, signal), request);
  }

  /**
   * Who is in this photo? Every face is found, cut out with a margin and searched, with at most `concurrency` calls in
   * flight. The answers come in the order of the faces: `matched`, `ambiguous` between two users, `suggested` below the
   * threshold, if asked, `unmatched`, `unsearchable` with the reason, or `failed` with its error. One failed face spoils
   * no other.
   *
   * @example
   * const { faces } = await team.searchPhoto(fromFile('party.jpg'), { threshold: 99 });
   * for (const face of faces) if (face.status === 'matched') console.log(face.matches[0].userId);
   */
  async searchPhoto(
    photo: ImageSource,
    options?: SearchPhotoOptions & { by?: 'users' | undefined },
  ): Promise<PhotoSearch<UserMatch>>;
  async searchPhoto(
    photo: ImageSource,
    options: SearchPhotoOptions & { by: 'faces' },
  ): Promise<PhotoSearch<FaceMatch>>;
  async searchPhoto(photo: ImageSource, options?: SearchPhotoOptions): Promise<PhotoSearch>;
  async searchPhoto(photo: ImageSource, options: SearchPhotoOptions = {}): Promise<PhotoSearch> {
    checkImage(photo, 'photo');
    const request = searchRequest(options, searchPhotoBy(options?.by));
    const { concurrency = DEFAULTS.concurrency, signal } = options;
    return searchPhoto(this.#scope, photo, this.#searchRequest(request, options, concurrency), signal);
  }

  /**
   * Who is in each of these photos? As `searchPhoto` answers for one, for any number of them, in their order, at the pace
   * that the service allows. Photos are asked for as they are needed. One that fails spoils no other, and to break off
   * the loop ends it once those in work are done.
   *
   * @param photos `photosInFolder('party')`, `photosInBucket({ bucket, prefix })`, or anything that iterates over image
   * sources
   * @throws an error that every photo would meet, as `AccessDeniedException`, `ResourceNotFoundException` or
   * `MissingPackageError`, and what `photos` throws
   *
   * @example
   * for await (const { photo, ...found } of team.searchPhotos(photosInFolder('party'))) {
   *   if (found.status === 'searched') console.log(photo.name, found.faces.length);
   * }
   */
  searchPhotos(
    photos: Photos,
    options?: SearchPhotosOptions & { by?: 'users' | undefined },
  ): AsyncGenerator<SearchedPhoto<UserMatch>, void, void>;
  searchPhotos(
    photos: Photos,
    options: SearchPhotosOptions & { by: 'faces' },
  ): AsyncGenerator<SearchedPhoto<FaceMatch>, void, void>;
  searchPhotos(photos: Photos, options?: SearchPhotosOptions): AsyncGenerator<SearchedPhoto, void, void>;
  searchPhotos(photos: Photos, options: SearchPhotosOptions = {}): AsyncGenerator<SearchedPhoto, void, void> {
    checkPhotos(photos);
    const search = searchRequest(options, searchPhotosBy(options?.by));
    const { concurrency = DEFAULTS.bulkConcurrency, pace, onProgress: onPhoto, signal } = options;
    const request = { ...this.#searchRequest(search, options, concurrency), concurrency, pace, onPhoto };
    return searchPhotos(this.#scope, photos, request, signal);
  }

  /**
   * Groups the faces of photos into people: those who are nobody of the collection yet, so that somebody can name them.
   * It works in a collection of its own, `rekollect-group-<uuid>`, which is deleted at the end, also after a failure.
   *
   * It takes one call for each photo and one for each face, and where the collection has users those of `searchPhotos`,
   * unless what that yields is given in place of the photos.
   *
   * @param photos image sources as for `searchPhotos`, or what it yields
   * @throws as `searchPhotos`; IncompleteError when the collection of its own could not be deleted
   *
   * @example
   * const { groups } = await team.groupFaces(photosInFolder('party'));
   * for (const { cover, faces } of groups) {
   *   await writeFile('who-is-this.jpg', await cropFace(cover.photo, cover.face).read());
   *   await team.enrollUser(await askForName(), faces.map(({ photo, face }) => cropFace(photo, face)));
   * }
   */
  async groupFaces(photos: PhotosToGroup, options: GroupFacesOptions = {}): Promise<FaceGroups> {
    checkPhotos(photos);
    const { concurrency = DEFAULTS.bulkConcurrency, signal, ...given } = checkOptions(options, GROUP_FACES);
    const {
      faces = 'unknown',
      threshold = DEFAULTS.groupingThreshold,
      qualityFilter = DEFAULTS.indexQualityFilter,
    } = given;
    const search = this.#searchRequest(searchRequest({}, SEARCH_USERS), {}, concurrency);
    const { pace, onProgress } = given;
    const request = { faces, threshold, qualityFilter, concurrency, search, pace, onProgress };
    return groupFaces(this.#scope, photos, request, signal);
  }

  #searchRequest(
    request: ReturnType<typeof searchRequest>,
    { by = 'users', uniqueUsers = false }: Pick<SearchPhotoOptions, 'by' | 'uniqueUsers'>,
    concurrency: number,
  ): PhotoSearchRequest {
    const limitInputPixels = this.#limitInputPixels;
    return { ...request, by, uniqueUsers, limitCrops: pLimit(concurrency), limitInputPixels };
  }

  #enrollRequest(options: EnrollOptions | EnrollManyOptions, concurrency: number): EnrollRequest {
    return {
      severalFaces: options.severalFaces ?? 'reject',
      qualityFilter: options.qualityFilter ?? DEFAULTS.indexQualityFilter,
      threshold: options.threshold ?? DEFAULTS.associationThreshold,
      duplicateThreshold: options.duplicateThreshold,
      limit: pLimit(concurrency),
      keepRejected: options.keepRejected ?? false,
      onProgress: undefined,
      limitInputPixels: this.#limitInputPixels,
    };
  }

  /** @throws InvalidArgumentError when it is no collection, or this one */
  #otherScope(to: FaceCollection): CollectionScope {
    const scope = typeof to === 'object' && to !== null && #scope in to ? to.#scope : undefined;
    const isThis = scope?.collectionId === this.collectionId && scope.client === this.#scope.client;
    if (scope && !isThis) return scope;
    throw new InvalidArgumentError('to', to, 'another FaceCollection');
  }

  #open(image: ImageSource, signal: AbortSignal | undefined) {
    return toSendableImage(image, { signal, limitInputPixels: this.#limitInputPixels });
  }
}
