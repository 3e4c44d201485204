export { type AnnotateOptions, annotate } from './annotate/annotate.js';
export { type AnnotateSvgOptions, annotateSvg } from './annotate/annotate-svg.js';
export type { AnnotatedFace, NamedMatch } from './annotate/marks.js';
export { type RedactedFace, type RedactOptions, redact, type SearchedFace } from './annotate/redact.js';
export type {
  Audited,
  AuditFinding,
  AuditOptions,
  AuditPlan,
  AuditPlanOptions,
  LikelyUser,
  UserAudit,
} from './audit/audit.js';
export type {
  BulkEnrollment,
  BulkProgress,
  EnrollManyOptions,
  Finding,
  FormerPhoto,
  PersonEnrollment,
  RejectedPhoto,
} from './enrollment/bulk-enrollment.js';
export type {
  EnrolledFace,
  EnrolledImage,
  Enrollment,
  EnrollOptions,
  RejectedImage,
  RejectionReason,
  SeveralFaces,
} from './enrollment/enrollment.js';
export type { Erasure } from './enrollment/erase.js';
export { type BucketOptions, fromBucket, photosInBucket } from './enrollment/from-bucket.js';
export { fromFolder, photosInFolder } from './enrollment/from-folder.js';
export type { UserMerge } from './enrollment/merge-users.js';
export type { FaceMove } from './enrollment/move-faces.js';
export type { LeftOutFile, LeftOutReason, People, Person } from './enrollment/people.js';
export type { CallCost, CostOptions, EnrollmentPlan, PlanOptions } from './enrollment/plan.js';
export {
  type ImageProblem,
  IncompleteError,
  InvalidArgumentError,
  isRekollectError,
  type LeftBehind,
  MissingPackageError,
  type NotReadyReason,
  RekollectError,
  type Remains,
  UnreadableImageError,
  UserIsFullError,
  UserNotReadyError,
  WrongFaceError,
} from './errors.js';
export { FaceCollection } from './face-collection.js';
export type {
  FaceGroup,
  FaceGroups,
  GroupedFace,
  GroupingProgress,
  PhotoFace,
  UngroupedFace,
} from './face-grouping/face-groups.js';
export type { PhotosToGroup } from './face-grouping/group-faces.js';
export { type CropFaceOptions, cropFace } from './images/crop-face.js';
export { fromBuffer } from './images/from-buffer.js';
export { fromFile } from './images/from-file.js';
export { fromS3, type S3ClientLike } from './images/from-s3.js';
export type { ImageSource } from './images/image-source.js';
export type { Listing } from './listing.js';
export type {
  CollectionMove,
  MoveComparison,
  MovedPart,
  MoveOptions,
  MovePlan,
  MovePlanOptions,
  PhotosAtHand,
  UnmovedFace,
  UnmovedReason,
  UnmovedUser,
} from './moving/move.js';
export { fromUserId, toUserId } from './names.js';
export type * from './options.js';
export type { FaceSearch, TakenMatch, UnmatchedReason } from './photo-search/face-search.js';
export type { PhotoSearch } from './photo-search/search-photo.js';
export type {
  ManyPhotosOptions,
  Photos,
  PhotosProgress,
  SearchedPhoto,
} from './photo-search/searched-photo.js';
export type { Association, Disassociation } from './service/associations.js';
export type { CommandClient, ServiceCommand } from './service/client.js';
export type { CollectionDescription, CollectionSummary } from './service/collections.js';
export type { ComparedFaces, ComparedMatch, Comparison, IncomparableReason } from './service/detection.js';
export type { EveryFaceAnswer, EveryFaceRequest, OnePassClient } from './service/every-face.js';
export type { Deletion, IndexedFace, IndexedImage, UnindexedFace } from './service/faces.js';
export type { ServiceCall } from './service/observed-client.js';
export type { SearchOutcome, SearchResult } from './service/outcomes.js';
export type { CallCount, CallsPerSecond } from './service/paced-client.js';
export type {
  AssociationReason,
  DeletionReason,
  DisassociationReason,
  QualityReason,
  RejectedFace,
  Rejection,
  UnsearchedReason,
} from './service/reasons.js';
export type { UnsearchableReason, UnsearchedFace } from './service/searches.js';
export type * from './types.js';
