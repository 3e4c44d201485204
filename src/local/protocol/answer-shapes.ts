import type {
  BoundingBox as AwsBoundingBox,
  Face as AwsFace,
  ComparedFace,
  EmotionName,
  FaceDetail,
  Landmark,
  LandmarkType,
} from '@aws-sdk/client-rekognition';
import { present } from '../../service/shapes.js';
import type { BoundingBox, Claim, FaceAttribute } from '../../types.js';
import type { FaceRecord } from '../records/records.js';
import type { AnalyzedFace } from '../vision/vision.js';
import { CHOICES } from './choices.js';

type Detail = AnalyzedFace['detail'];

/** The service's numbers have single precision, and look it: 99.9991226196289. */
export const single = Math.fround;

/** Numbers that were stored come back with six digits: indexed as 0.16180150, listed as 0.161802. */
export function stored(value: number): number {
  return single(Number(value.toPrecision(6)));
}

export function storedBox({ left, top, width, height }: BoundingBox): BoundingBox {
  return { left: stored(left), top: stored(top), width: stored(width), height: stored(height) };
}

export function toAwsBox({ left, top, width, height }: BoundingBox): AwsBoundingBox {
  return { Width: single(width), Height: single(height), Left: single(left), Top: single(top) };
}

/** A stored face, as listings and searches answer it. */
export function toAwsFace(face: FaceRecord): AwsFace {
  return present({
    FaceId: face.faceId,
    BoundingBox: toAwsBox(face.boundingBox),
    ImageId: face.imageId,
    ExternalImageId: face.externalImageId,
    Confidence: single(face.confidence),
    IndexFacesModelVersion: CHOICES.indexFacesModelVersion,
    UserId: face.userId,
  });
}

/** The landmarks that every answer has; the others come with `ALL`. */
const DEFAULT_LANDMARKS: ReadonlySet<string> = new Set([
  'eyeLeft',
  'eyeRight',
  'nose',
  'mouthLeft',
  'mouthRight',
]);

/**
 * A detected face with what was asked for, as far as the models know it.
 *
 * @param attributes `ALL` outweighs all others; box, confidence, landmarks, pose and quality come always
 */
export function toFaceDetail(face: Detail, attributes: readonly FaceAttribute[] = []): FaceDetail {
  const wants = (attribute: FaceAttribute) => attributes.includes('ALL') || attributes.includes(attribute);
  const asked = <Value>(attribute: FaceAttribute, value: Value) => (wants(attribute) ? value : undefined);
  return present({
    BoundingBox: toAwsBox(face.boundingBox),
    AgeRange: asked('AGE_RANGE', face.ageRange && { Low: face.ageRange.low, High: face.ageRange.high }),
    Smile: asked('SMILE', toAwsClaim(face.smile)),
    Eyeglasses: asked('EYEGLASSES', toAwsClaim(face.eyeglasses)),
    Sunglasses: asked('SUNGLASSES', toAwsClaim(face.sunglasses)),
    Gender: asked('GENDER', toAwsClaim(face.gender)),
    Beard: asked('BEARD', toAwsClaim(face.beard)),
    Mustache: asked('MUSTACHE', toAwsClaim(face.mustache)),
    EyesOpen: asked('EYES_OPEN', toAwsClaim(face.eyesOpen)),
    MouthOpen: asked('MOUTH_OPEN', toAwsClaim(face.mouthOpen)),
    Emotions: asked(
      'EMOTIONS',
      face.emotions?.map(({ type, confidence }) => ({
        Type: type as EmotionName,
        Confidence: single(confidence),
      })),
    ),
    Landmarks: toAwsLandmarks(face, attributes.includes('ALL')),
    Pose: toAwsPose(face.pose),
    Quality: toAwsQuality(face.quality),
    Confidence: single(face.confidence),
    FaceOccluded: asked('FACE_OCCLUDED', toAwsClaim(face.faceOccluded)),
    EyeDirection: asked(
      'EYE_DIRECTION',
      face.eyeDirection &&
        present({
          Yaw: singleOr(face.eyeDirection.yaw),
          Pitch: singleOr(face.eyeDirection.pitch),
          Confidence: singleOr(face.eyeDirection.confidence),
        }),
    ),
  });
}

/** Whether models for more than the default attributes have to look. */
export function needsAttributes(attributes: readonly FaceAttribute[] = []): boolean {
  return attributes.some((attribute) => attribute !== 'DEFAULT');
}

/** A face as CompareFaces answers it. */
export function toComparedFace(face: Detail): ComparedFace {
  return present({
    BoundingBox: toAwsBox(face.boundingBox),
    Confidence: single(face.confidence),
    Landmarks: toAwsLandmarks(face, false),
    Pose: toAwsPose(face.pose),
    Quality: toAwsQuality(face.quality),
  });
}

function toAwsLandmarks({ landmarks }: Detail, all: boolean): Landmark[] | undefined {
  return landmarks
    ?.filter(({ type }) => all || DEFAULT_LANDMARKS.has(type))
    .map(({ type, x, y }) => ({ Type: type as LandmarkType, X: single(x), Y: single(y) }));
}

function toAwsPose(pose: Detail['pose']) {
  return pose && present({ Roll: singleOr(pose.roll), Yaw: singleOr(pose.yaw), Pitch: singleOr(pose.pitch) });
}

function toAwsQuality(quality: Detail['quality']) {
  return (
    quality && present({ Brightness: singleOr(quality.brightness), Sharpness: singleOr(quality.sharpness) })
  );
}

function toAwsClaim<Value>(claim: Claim<Value> | undefined) {
  return claim && present({ Value: claim.value, Confidence: singleOr(claim.confidence) });
}

function singleOr(value: number | undefined): number | undefined {
  return value === undefined ? undefined : single(value);
}
