import type {
  BoundingBox as AwsBoundingBox,
  Face as AwsFace,
  FaceDetail as AwsFaceDetail,
  FaceMatch as AwsFaceMatch,
  UserMatch as AwsUserMatch,
  ComparedFace,
  Image,
} from '@aws-sdk/client-rekognition';
import type { SendableImage } from '../sendable-image.js';
import type { BoundingBox, Claim, DetectedFace, Face, FaceMatch, UserMatch } from '../types.js';
import { photoNameOf } from './external-image-id.js';

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out the members that are `undefined`: what the service did not answer is absent. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

export function toImage(image: SendableImage): Image {
  if ('bytes' in image) return { Bytes: image.bytes };
  const { bucket, key, version } = image.s3Object;
  return { S3Object: { Bucket: bucket, Name: key, ...(version !== undefined && { Version: version }) } };
}

export function toBoundingBox(box: AwsBoundingBox | undefined): BoundingBox | undefined {
  return box && { left: box.Left ?? 0, top: box.Top ?? 0, width: box.Width ?? 0, height: box.Height ?? 0 };
}

export function toFace(face: AwsFace): Face {
  return present({
    faceId: face.FaceId ?? '',
    boundingBox: toBoundingBox(face.BoundingBox),
    confidence: face.Confidence,
    imageId: face.ImageId,
    externalImageId: face.ExternalImageId,
    photoName: photoNameOf(face.ExternalImageId),
    userId: face.UserId,
    modelVersion: face.IndexFacesModelVersion,
  });
}

export function toFaceMatch(match: AwsFaceMatch): FaceMatch {
  return { ...toFace(match.Face ?? {}), similarity: match.Similarity ?? 0 };
}

export function toUserMatch(match: AwsUserMatch): UserMatch {
  return present({
    userId: match.User?.UserId ?? '',
    status: match.User?.UserStatus,
    similarity: match.Similarity ?? 0,
  });
}

export function toDetectedFace(face: AwsFaceDetail | ComparedFace): DetectedFace {
  const detail: AwsFaceDetail = face;
  return present({
    boundingBox: toBoundingBox(detail.BoundingBox) ?? { left: 0, top: 0, width: 0, height: 0 },
    confidence: detail.Confidence,
    landmarks: detail.Landmarks?.map((point) => ({
      type: point.Type ?? '',
      x: point.X ?? 0,
      y: point.Y ?? 0,
    })),
    pose: detail.Pose && present({ roll: detail.Pose.Roll, yaw: detail.Pose.Yaw, pitch: detail.Pose.Pitch }),
    quality:
      detail.Quality &&
      present({ brightness: detail.Quality.Brightness, sharpness: detail.Quality.Sharpness }),
    ageRange: detail.AgeRange && { low: detail.AgeRange.Low ?? 0, high: detail.AgeRange.High ?? 0 },
    gender: toClaim(detail.Gender) as Claim<'Male' | 'Female'> | undefined,
    smile: toClaim(detail.Smile),
    eyesOpen: toClaim(detail.EyesOpen),
    mouthOpen: toClaim(detail.MouthOpen),
    eyeglasses: toClaim(detail.Eyeglasses),
    sunglasses: toClaim(detail.Sunglasses),
    beard: toClaim(detail.Beard),
    mustache: toClaim(detail.Mustache),
    faceOccluded: toClaim(detail.FaceOccluded),
    emotions: detail.Emotions?.map((emotion) => ({
      type: emotion.Type ?? 'UNKNOWN',
      confidence: emotion.Confidence ?? 0,
    })),
    eyeDirection:
      detail.EyeDirection &&
      present({
        yaw: detail.EyeDirection.Yaw,
        pitch: detail.EyeDirection.Pitch,
        confidence: detail.EyeDirection.Confidence,
      }),
  });
}

function toClaim<Value>(
  claim: { Value?: Value | undefined; Confidence?: number | undefined } | undefined,
): Claim<Value> | undefined {
  if (claim?.Value === undefined) return undefined;
  return present({ value: claim.Value, confidence: claim.Confidence }) as Claim<Value>;
}
