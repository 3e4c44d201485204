import type { OperationName } from '../../src/local/protocol/request-shapes.js';

/** Says what is wrong with a value, or nothing. */
type Check = (value: unknown, path: string) => string[];

const text =
  (pattern?: RegExp): Check =>
  (value, path) =>
    typeof value === 'string' && (pattern?.test(value) ?? value !== '') ? [] : [`${path}: ${String(value)}`];

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value, path) =>
    values.includes(value) ? [] : [`${path}: ${String(value)} is none of ${values.join(', ')}`];

/** The service's floats have single precision. */
const float =
  (min = -Infinity, max = Infinity): Check =>
  (value, path) =>
    typeof value === 'number' && value >= min && value <= max && Math.fround(value) === value
      ? []
      : [`${path}: ${String(value)} is no single-precision number from ${min} to ${max}`];

const whole: Check = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? []
    : [`${path}: ${String(value)} is no whole number`];

const time: Check = (value, path) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? [] : [`${path}: ${String(value)} is no time`];

const list =
  (item: Check, most = Infinity): Check =>
  (value, path) =>
    Array.isArray(value) && value.length <= most
      ? value.flatMap((each, i) => item(each, `${path}[${i}]`))
      : [`${path}: no list of at most ${most}`];

/** A member may be absent, but a member that is there has a value; and there are no others. */
const structure =
  (members: Record<string, Check>): Check =>
  (value, path) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, member]) =>
          members[name] ? members[name](member, `${path}.${name}`) : [`${path}.${name}: not in the model`],
        )
      : [`${path}: no structure`];

const uuid = text(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const collectionId = text(/^[a-zA-Z0-9_.-]{1,255}$/);
const userId = text(/^[a-zA-Z0-9_.:-]{1,128}$/);
const percent = float(0, 100);
const degree = float(-180, 180);
const boundingBox = structure({ Width: float(), Height: float(), Left: float(), Top: float() });
const claim = structure({ Value: oneOf(true, false), Confidence: percent });
const userStatus = oneOf('ACTIVE', 'UPDATING', 'CREATING', 'CREATED');
const modelVersion = text();
const landmarks = list(
  structure({
    Type: oneOf(
      ...'eyeLeft eyeRight nose mouthLeft mouthRight leftEyeBrowLeft leftEyeBrowRight leftEyeBrowUp'.split(
        ' ',
      ),
      ...'rightEyeBrowLeft rightEyeBrowRight rightEyeBrowUp leftEyeLeft leftEyeRight leftEyeUp'.split(' '),
      ...'leftEyeDown rightEyeLeft rightEyeRight rightEyeUp rightEyeDown noseLeft noseRight mouthUp'.split(
        ' ',
      ),
      ...'mouthDown leftPupil rightPupil upperJawlineLeft midJawlineLeft chinBottom midJawlineRight'.split(
        ' ',
      ),
      'upperJawlineRight',
    ),
    X: float(),
    Y: float(),
  }),
);
const emotions = list(
  structure({
    Type: oneOf('HAPPY', 'SAD', 'ANGRY', 'CONFUSED', 'DISGUSTED', 'SURPRISED', 'CALM', 'UNKNOWN', 'FEAR'),
    Confidence: percent,
  }),
);
const pose = structure({ Roll: degree, Yaw: degree, Pitch: degree });
const imageQuality = structure({ Brightness: float(), Sharpness: float() });

const face = structure({
  FaceId: uuid,
  BoundingBox: boundingBox,
  ImageId: uuid,
  ExternalImageId: text(/^[a-zA-Z0-9_.:-]{1,255}$/),
  Confidence: percent,
  IndexFacesModelVersion: text(/^[0-9.]+$/),
  UserId: userId,
});
const faceDetail = structure({
  BoundingBox: boundingBox,
  AgeRange: structure({ Low: whole, High: whole }),
  Smile: claim,
  Eyeglasses: claim,
  Sunglasses: claim,
  Gender: structure({ Value: oneOf('Male', 'Female'), Confidence: percent }),
  Beard: claim,
  Mustache: claim,
  EyesOpen: claim,
  MouthOpen: claim,
  Emotions: emotions,
  Landmarks: landmarks,
  Pose: pose,
  Quality: imageQuality,
  Confidence: percent,
  FaceOccluded: claim,
  EyeDirection: structure({ Yaw: degree, Pitch: degree, Confidence: percent }),
});
const comparedFace = structure({
  BoundingBox: boundingBox,
  Confidence: percent,
  Landmarks: landmarks,
  Pose: pose,
  Quality: imageQuality,
  Emotions: emotions,
  Smile: claim,
});
const qualityReasons = [
  ...['EXCEEDS_MAX_FACES', 'EXTREME_POSE', 'LOW_BRIGHTNESS', 'LOW_SHARPNESS', 'LOW_CONFIDENCE'],
  ...['SMALL_BOUNDING_BOX', 'LOW_FACE_QUALITY'],
];
const faceMatches = list(structure({ Similarity: percent, Face: face }), 4096);
const userMatches = list(
  structure({ Similarity: percent, User: structure({ UserId: userId, UserStatus: userStatus }) }),
  500,
);
const unsuccessful = (most: number, ...reasons: readonly string[]) =>
  list(
    structure({ FaceId: uuid, UserId: userId, Confidence: percent, Reasons: list(oneOf(...reasons)) }),
    most,
  );

/** The answers of the operations, as the service's model has them (service-2.json of botocore 1.43.107, Apache-2.0). */
const ANSWERS: Record<OperationName, Check> = {
  CreateCollection: structure({ StatusCode: whole, CollectionArn: text(), FaceModelVersion: modelVersion }),
  DescribeCollection: structure({
    FaceCount: whole,
    FaceModelVersion: modelVersion,
    CollectionARN: text(),
    CreationTimestamp: time,
    UserCount: whole,
  }),
  ListCollections: structure({
    CollectionIds: list(collectionId),
    NextToken: text(),
    FaceModelVersions: list(modelVersion),
  }),
  DeleteCollection: structure({ StatusCode: whole }),
  CreateUser: structure({}),
  DeleteUser: structure({}),
  ListUsers: structure({
    Users: list(structure({ UserId: userId, UserStatus: userStatus }), 500),
    NextToken: text(),
  }),
  IndexFaces: structure({
    FaceRecords: list(structure({ Face: face, FaceDetail: faceDetail })),
    FaceModelVersion: modelVersion,
    UnindexedFaces: list(structure({ Reasons: list(oneOf(...qualityReasons)), FaceDetail: faceDetail })),
  }),
  ListFaces: structure({ Faces: list(face), NextToken: text(), FaceModelVersion: modelVersion }),
  DeleteFaces: structure({
    DeletedFaces: list(uuid, 4096),
    UnsuccessfulFaceDeletions: unsuccessful(4096, 'ASSOCIATED_TO_AN_EXISTING_USER', 'FACE_NOT_FOUND'),
  }),
  AssociateFaces: structure({
    AssociatedFaces: list(structure({ FaceId: uuid }), 100),
    UnsuccessfulFaceAssociations: unsuccessful(
      500,
      'FACE_NOT_FOUND',
      'ASSOCIATED_TO_A_DIFFERENT_USER',
      'LOW_MATCH_CONFIDENCE',
    ),
    UserStatus: userStatus,
  }),
  DisassociateFaces: structure({
    DisassociatedFaces: list(structure({ FaceId: uuid }), 100),
    UnsuccessfulFaceDisassociations: unsuccessful(500, 'FACE_NOT_FOUND', 'ASSOCIATED_TO_A_DIFFERENT_USER'),
    UserStatus: userStatus,
  }),
  DetectFaces: structure({ FaceDetails: list(faceDetail, 100) }),
  CompareFaces: structure({
    SourceImageFace: structure({ BoundingBox: boundingBox, Confidence: percent }),
    FaceMatches: list(structure({ Similarity: percent, Face: comparedFace })),
    UnmatchedFaces: list(comparedFace),
  }),
  SearchFaces: structure({ SearchedFaceId: uuid, FaceMatches: faceMatches, FaceModelVersion: modelVersion }),
  SearchFacesByImage: structure({
    SearchedFaceBoundingBox: boundingBox,
    SearchedFaceConfidence: percent,
    FaceMatches: faceMatches,
    FaceModelVersion: modelVersion,
  }),
  SearchUsers: structure({
    UserMatches: userMatches,
    FaceModelVersion: modelVersion,
    SearchedFace: structure({ FaceId: uuid }),
    SearchedUser: structure({ UserId: userId }),
  }),
  SearchUsersByImage: structure({
    UserMatches: userMatches,
    FaceModelVersion: modelVersion,
    SearchedFace: structure({ FaceDetail: faceDetail }),
    UnsearchedFaces: list(
      structure({ FaceDetails: faceDetail, Reasons: list(oneOf('FACE_NOT_LARGEST', ...qualityReasons)) }),
    ),
  }),
};

/** What an answer has that the service's model does not allow; empty when it fits. */
export function departuresFromModel(operation: OperationName, answer: object): string[] {
  return ANSWERS[operation](answer, operation);
}
