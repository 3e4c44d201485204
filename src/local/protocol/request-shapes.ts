import { FACE_ATTRIBUTES, LIMITS, type OPERATIONS, QUALITY_FILTERS } from '../../limits.js';

/** Text. Lengths count characters; the pattern is that of the whole value, as the service's sentences spell it. */
export interface StringShape {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** What a member of a request may hold. Lengths count bytes (a blob) or items; `min` and `max` of a number are its own. */
export type Shape =
  | StringShape
  | { readonly type: 'integer' | 'float'; readonly min?: number; readonly max?: number }
  | { readonly type: 'blob'; readonly min?: number; readonly max?: number }
  | { readonly type: 'list'; readonly member: StringShape; readonly min?: number; readonly max?: number }
  | { readonly type: 'map'; readonly key: StringShape; readonly value: StringShape; readonly max?: number }
  | StructureShape;

/** Named members, some of them required. */
export interface StructureShape {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

const collectionId = {
  type: 'string',
  min: 1,
  max: LIMITS.collectionId.maxLength,
  pattern: LIMITS.collectionId.spelling,
} as const;
const userId = {
  type: 'string',
  min: 1,
  max: LIMITS.userId.maxLength,
  pattern: LIMITS.userId.spelling,
} as const;
const externalImageId = {
  type: 'string',
  min: 1,
  max: LIMITS.externalImageId.maxLength,
  pattern: LIMITS.externalImageId.spelling,
} as const;
const faceId = {
  type: 'string',
  pattern: LIMITS.faceId.pattern.source.slice(1, -1),
} as const;
const faceIds = { type: 'list', member: faceId, min: 1, max: LIMITS.faceIdsPerDeletion } as const;
const userFaceIds = { type: 'list', member: faceId, min: 1, max: LIMITS.faceIdsPerAssociation } as const;
const requestToken = { type: 'string', min: 1, max: 64, pattern: '^[a-zA-Z0-9-_]+$' } as const;
const percent = { type: 'float', min: 0, max: 100 } as const;
const maxFaces = { type: 'integer', min: 1, max: LIMITS.faceMatches } as const;
const maxUsers = { type: 'integer', min: 1, max: LIMITS.userMatches } as const;
const pageSize = { type: 'integer', min: 0, max: LIMITS.facesPerPage } as const;
// The model says 255, the developer guide prints a longer one, and ours for an id of 255 characters has 364.
const paginationToken = { type: 'string', max: 1024 } as const;
const qualityFilter = { type: 'string', enum: QUALITY_FILTERS } as const;

const attributes = {
  type: 'list',
  member: {
    type: 'string',
    enum: FACE_ATTRIBUTES,
  },
} as const;

const tags = {
  type: 'map',
  key: { type: 'string', min: 1, max: 128, pattern: '^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$' },
  value: { type: 'string', min: 0, max: 256, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$' },
  max: LIMITS.tags.count,
} as const;

const image = {
  type: 'structure',
  members: {
    Bytes: { type: 'blob', min: 1, max: LIMITS.imageBytes },
    S3Object: {
      type: 'structure',
      members: {
        Bucket: {
          type: 'string',
          min: LIMITS.s3Bucket.minLength,
          max: LIMITS.s3Bucket.maxLength,
          pattern: '[0-9A-Za-z\\.\\-_]*',
        },
        Name: { type: 'string', min: 1, max: LIMITS.s3Key },
        Version: { type: 'string', min: 1, max: LIMITS.s3Version },
      },
    },
  },
} as const;

function request(required: Record<string, Shape>, optional: Record<string, Shape> = {}): StructureShape {
  return { type: 'structure', members: { ...required, ...optional }, required: Object.keys(required) };
}

/**
 * The request of every operation this engine answers, as the service's own model constrains it (service-2.json of
 * botocore 1.43.107, Apache-2.0).
 */
export const REQUEST_SHAPES = {
  CreateCollection: request({ CollectionId: collectionId }, { Tags: tags }),
  DescribeCollection: request({ CollectionId: collectionId }),
  ListCollections: request({}, { NextToken: paginationToken, MaxResults: pageSize }),
  DeleteCollection: request({ CollectionId: collectionId }),
  CreateUser: request({ CollectionId: collectionId, UserId: userId }, { ClientRequestToken: requestToken }),
  DeleteUser: request({ CollectionId: collectionId, UserId: userId }, { ClientRequestToken: requestToken }),
  ListUsers: request({ CollectionId: collectionId }, { MaxResults: maxUsers, NextToken: paginationToken }),
  AssociateFaces: request(
    { CollectionId: collectionId, UserId: userId, FaceIds: userFaceIds },
    { UserMatchThreshold: percent, ClientRequestToken: requestToken },
  ),
  DisassociateFaces: request(
    { CollectionId: collectionId, UserId: userId, FaceIds: userFaceIds },
    { ClientRequestToken: requestToken },
  ),
  IndexFaces: request(
    { CollectionId: collectionId, Image: image },
    {
      ExternalImageId: externalImageId,
      DetectionAttributes: attributes,
      MaxFaces: { type: 'integer', min: 1 },
      QualityFilter: qualityFilter,
    },
  ),
  ListFaces: request(
    { CollectionId: collectionId },
    { NextToken: paginationToken, MaxResults: pageSize, UserId: userId, FaceIds: faceIds },
  ),
  DeleteFaces: request({ CollectionId: collectionId, FaceIds: faceIds }),
  DetectFaces: request({ Image: image }, { Attributes: attributes }),
  CompareFaces: request(
    { SourceImage: image, TargetImage: image },
    { SimilarityThreshold: percent, QualityFilter: qualityFilter },
  ),
  SearchFaces: request(
    { CollectionId: collectionId, FaceId: faceId },
    { MaxFaces: maxFaces, FaceMatchThreshold: percent },
  ),
  SearchFacesByImage: request(
    { CollectionId: collectionId, Image: image },
    { MaxFaces: maxFaces, FaceMatchThreshold: percent, QualityFilter: qualityFilter },
  ),
  SearchUsers: request(
    { CollectionId: collectionId },
    { UserId: userId, FaceId: faceId, UserMatchThreshold: percent, MaxUsers: maxUsers },
  ),
  SearchUsersByImage: request(
    { CollectionId: collectionId, Image: image },
    { UserMatchThreshold: percent, MaxUsers: maxUsers, QualityFilter: qualityFilter },
  ),
} satisfies Record<OperationName, StructureShape>;

/** The name of an operation this engine answers. */
export type OperationName = (typeof OPERATIONS)[number];
