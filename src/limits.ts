/** Ids of at most so many of these characters, which are spelt as the service's sentences spell them. */
const idsOf = (maxLength: number, characters: string, words: string) => ({
  maxLength,
  spelling: `${characters}+`,
  pattern: new RegExp(`^${characters}+$`),
  words: `1 to ${maxLength} of ${words}`,
});

export const QUALITY_FILTERS = ['NONE', 'AUTO', 'LOW', 'MEDIUM', 'HIGH'] as const;

export const FACE_ATTRIBUTES = [
  'DEFAULT',
  'ALL',
  'AGE_RANGE',
  'BEARD',
  'EMOTIONS',
  'EYE_DIRECTION',
  'EYEGLASSES',
  'EYES_OPEN',
  'GENDER',
  'MOUTH_OPEN',
  'MUSTACHE',
  'FACE_OCCLUDED',
  'SMILE',
  'SUNGLASSES',
] as const;

/**
 * Every limit of the service that we check, chunk by or fall back to, in one table. From the constraints of the
 * service's model (service-2.json of botocore 1.43.107) unless another source is named.
 */
export const LIMITS = {
  collectionId: idsOf(255, '[a-zA-Z0-9_.\\-]', 'letters, digits, "_", "." and "-"'),
  userId: idsOf(128, '[a-zA-Z0-9_.\\-:]', 'letters, digits, "_", ".", ":" and "-"'),
  externalImageId: idsOf(255, '[a-zA-Z0-9_.\\-:]', 'letters, digits, "_", ".", ":" and "-"'),
  /** Ids of faces and images: a UUID in lower case. */
  faceId: {
    maxLength: 36,
    pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    words: 'a UUID in lower case',
  },
  /** Face ids in one call of AssociateFaces or DisassociateFaces. */
  faceIdsPerAssociation: 100,
  /** Faces that one user vector combines (developer guide, "Guidelines and quotas"). */
  facesPerUser: 100,
  /** Face ids in one call of DeleteFaces, or in the filter of ListFaces. */
  faceIdsPerDeletion: 4096,
  /** Most matches of SearchFaces and SearchFacesByImage. */
  faceMatches: 4096,
  /** Most matches of SearchUsers and SearchUsersByImage. */
  userMatches: 500,
  /** Largest page of ListFaces and ListCollections, and of ListUsers. */
  facesPerPage: 4096,
  usersPerPage: 500,
  /** Faces that DetectFaces and IndexFaces see in one image: the 100 largest. */
  facesPerImage: 100,
  tags: {
    count: 200,
    key: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    value: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
    words:
      'up to 200 names of 1 to 128 characters, not starting with "aws:", with texts of up to 256; letters, digits, ' +
      'spaces and _.:/=+-@',
  },
  s3Bucket: {
    minLength: 3,
    maxLength: 255,
    pattern: /^[0-9A-Za-z.\-_]+$/,
    words: 'letters, digits, ".", "-" and "_"',
  },
  /** Characters of the name of an S3 object, and of its version. */
  s3Key: 1024,
  s3Version: 1024,
  /** Bytes of an image that the service reads from S3 (developer guide, "Guidelines and quotas": 15 MB). */
  s3ObjectBytes: 15_728_640,
  /** Bytes of an image sent in the call, decoded from base64. */
  imageBytes: 5_242_880,
  /** Shortest side of an image, in pixels (developer guide, "Guidelines and quotas"). */
  imageSide: 80,
} as const;

/** What the service takes when a call says nothing. They differ by operation, so they have names. */
export const DEFAULTS = {
  /** Threshold of the four searches and of CompareFaces. */
  searchThreshold: 80,
  /** Threshold of AssociateFaces: is the face alike enough to the user it is to become part of? */
  associationThreshold: 75,
  /** How alike two users are that look like one person: one stranger in 100,000 on the local engine's scale. */
  duplicateThreshold: 99,
  /** How alike two faces are that are as good as one photo. */
  repeatThreshold: 99.9,
  /** Photos that make a user good enough. */
  minFaces: 3,
  /** Quality filter of IndexFaces; searches and CompareFaces take `NONE`. */
  indexQualityFilter: 'AUTO',
  searchQualityFilter: 'NONE',
  /** Points of similarity between two users who are as good as equally alike: none, so only equals are. */
  margin: 0,
  /**
   * How many matches a search returns. The service's own default is not documented, so we always say one: enough
   * for "who is this?" and for the runners-up that tell a close call.
   */
  matches: 10,
  /** Milliseconds between two list calls for a user that is waited for. */
  waitInterval: 1000,
  /**
   * Milliseconds that a user is waited for without a signal. On AWS it takes "a minute or so" (developer
   * guide).
   */
  waitLimit: 300_000,
  /**
   * Milliseconds that a call which changes something may go on after it was given up, so that what it did is
   * known. IndexFaces takes a second or two.
   */
  grace: 5000,
  /** Milliseconds for taking back, or finding, what was half done. */
  cleanUpLimit: 30_000,
  /** Calls in flight. Most Regions allow five searches a second; the SDK retries what is throttled. */
  concurrency: 4,
  /** Photos in work when many people are enrolled: enough to use a quota of 50 calls a second. */
  bulkConcurrency: 16,
  /**
   * Most pixels of an image that we decode: 2^27, which 108-megapixel phones stay under. Decoded they take 403 MB,
   * so a file made to burst the memory is refused before it does.
   */
  limitInputPixels: 134_217_728,
  /** Most bytes of an image before it is decoded: what so many pixels of four bytes take that are not compressed. */
  sourceBytes: 536_870_912,
  /**
   * How slowly a download may come, unless it is done before: that gives a phone's connection time, and ends one that
   * says nothing, or a byte now and then.
   */
  downloadPace: { bytes: 1_048_576, milliseconds: 30_000 },
} as const;

/**
 * Calls a second that the service allows each account and Region by default ("Amazon Rekognition endpoints and
 * quotas", AWS general reference): in its three largest Regions, and in all others.
 */
export const QUOTAS = {
  largeRegions: ['us-east-1', 'us-west-2', 'eu-west-1'],
  callsPerSecond: {
    IndexFaces: [50, 5],
    ListFaces: [50, 5],
    SearchFaces: [50, 5],
    SearchFacesByImage: [50, 5],
    SearchUsers: [50, 5],
    SearchUsersByImage: [50, 5],
    DetectFaces: [100, 25],
    CompareFaces: [100, 25],
    AssociateFaces: [5, 5],
    DisassociateFaces: [5, 5],
    CreateUser: [5, 5],
    DeleteUser: [5, 5],
    ListUsers: [5, 5],
    DeleteFaces: [5, 5],
  },
} as const;

/** An operation of the service that has a quota of its own. */
export type Operation = keyof typeof QUOTAS.callsPerSecond;

/** Operations of which each call is billed as an image ("Amazon Rekognition pricing", groups 1 and 2). */
export const BILLED: readonly string[] = [
  'IndexFaces',
  'SearchFaces',
  'SearchFacesByImage',
  'SearchUsers',
  'SearchUsersByImage',
  'DetectFaces',
  'CompareFaces',
  'AssociateFaces',
  'DisassociateFaces',
];
