import { createHash, randomUUID } from 'node:crypto';
import type {
  FaceRecord as AwsFaceRecord,
  IndexFacesRequest,
  IndexFacesResponse,
} from '@aws-sdk/client-rekognition';
import { DEFAULTS, LIMITS } from '../../limits.js';
import { present } from '../../service/shapes.js';
import type { BoundingBox } from '../../types.js';
import type { Operation } from '../engine.js';
import { describeFaces } from '../photos/described-faces.js';
import {
  needsAttributes,
  single,
  stored,
  storedBox,
  toAwsBox,
  toFaceDetail,
} from '../protocol/answer-shapes.js';
import { refusal } from '../protocol/refusals.js';
import type { FaceDetails, FaceRecord, NewFace } from '../records/records.js';
import { spacesOf, vectorsOf } from '../search/face-vectors.js';
import type { AnalyzedFace } from '../vision/vision.js';

export const indexFaces: Operation<IndexFacesRequest, IndexFacesResponse> = async (
  request,
  engine,
  signal,
) => {
  const { CollectionId, ExternalImageId, DetectionAttributes, MaxFaces = LIMITS.facesPerImage } = request;
  engine.records.collection(CollectionId);
  const image = await engine.readImage(request.Image, signal);
  const vision = await engine.vision();
  const { described, setAside } = await describeFaces(vision, image, {
    filter: request.QualityFilter ?? DEFAULTS.indexQualityFilter,
    maxFaces: MaxFaces,
    vectors: 'to-keep',
    mustBeRecognisable: true,
    attributes: needsAttributes(DetectionAttributes),
    signal,
  });

  const imageId = imageIdOf(image, ExternalImageId);
  const faceRecords = await engine.change((records) => {
    const known = records.facesOfImage(CollectionId, imageId);
    const added: NewFace[] = [];
    const faces = described.map((face): [AnalyzedFace, FaceDetails & Pick<FaceRecord, 'userId'>] => {
      const indexed = known.find(({ boundingBox }) =>
        isSameBox(boundingBox, storedBox(face.detail.boundingBox)),
      );
      if (indexed) return [face, indexed];
      const newFace = toNewFace(face, imageId, ExternalImageId);
      added.push(newFace);
      return [face, newFace];
    });

    const { faceCount } = records.collection(CollectionId);
    if (faceCount + added.length > engine.quotas.facesPerCollection) {
      const message = `Collection ${CollectionId} has ${faceCount} faces and does not take ${added.length} more.`;
      throw refusal('ServiceQuotaExceededException', message);
    }
    records.addFaces(CollectionId, added, spacesOf(vision));
    return faces.map(([face, details]) => toAwsFaceRecord(face, details, DetectionAttributes));
  });

  return {
    FaceRecords: faceRecords,
    UnindexedFaces: setAside.map(({ face, reasons }) => ({
      Reasons: [...reasons],
      FaceDetail: toFaceDetail(face.detail, DetectionAttributes),
    })),
    FaceModelVersion: vision.space.version,
  };
};

function toNewFace(face: AnalyzedFace, imageId: string, externalImageId: string | undefined): NewFace {
  return present({
    faceId: randomUUID(),
    imageId,
    externalImageId,
    boundingBox: storedBox(face.detail.boundingBox),
    confidence: stored(face.detail.confidence),
    vectors: vectorsOf(face),
  });
}

/** The answer to IndexFaces has the numbers as they were measured; only later answers have the stored ones. */
function toAwsFaceRecord(
  { detail }: AnalyzedFace,
  { faceId, imageId, externalImageId, userId }: FaceDetails & Pick<FaceRecord, 'userId'>,
  attributes: IndexFacesRequest['DetectionAttributes'],
): AwsFaceRecord {
  return {
    Face: present({
      FaceId: faceId,
      BoundingBox: toAwsBox(detail.boundingBox),
      ImageId: imageId,
      ExternalImageId: externalImageId,
      Confidence: single(detail.confidence),
      UserId: userId,
    }),
    FaceDetail: toFaceDetail(detail, attributes),
  };
}

/** The same for the same bytes and external id, in every collection: a name-based UUID, as the service's are. */
function imageIdOf(image: Uint8Array, externalImageId = ''): string {
  const content = createHash('sha256').update(image).digest('hex');
  const digest = createHash('sha1').update(`${content}/${externalImageId}`).digest().subarray(0, 16);
  // Version 5 and the variant of RFC 9562.
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function isSameBox(a: BoundingBox, b: BoundingBox): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}
