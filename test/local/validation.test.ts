import { RekognitionServiceException } from '@aws-sdk/client-rekognition';
import * as fc from 'fast-check';
import { LocalRekognition } from 'rekollect/local';
import { describe, expect, it } from 'vitest';
import { type OperationName, REQUEST_SHAPES } from '../../src/local/protocol/request-shapes.js';
import { checkRequest } from '../../src/local/protocol/validation.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { departuresFromModel } from '../support/answer-model.js';
import { refusedWith } from '../support/declared-collection.js';

const check = (operation: OperationName, input: unknown) => () =>
  checkRequest(REQUEST_SHAPES[operation], input);
const FaceId = '11111111-2222-4333-8444-555555555555';
const CollectionId = 'team';

describe('a request', () => {
  it.each<[string, OperationName, object, string]>([
    [
      'a pattern',
      'DescribeCollection',
      { CollectionId: 'a b' },
      "1 validation error detected: Value 'a b' at 'collectionId' failed to satisfy constraint: Member must satisfy " +
        'regular expression pattern: [a-zA-Z0-9_.\\-]+',
    ],
    [
      'a colon in a collection id',
      'DescribeCollection',
      { CollectionId: 'a:b' },
      "Value 'a:b' at 'collectionId' failed to satisfy constraint: Member must satisfy regular expression pattern",
    ],
    [
      'a missing member',
      'SearchFaces',
      { CollectionId },
      "1 validation error detected: Value null at 'faceId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'null for a required member',
      'SearchFaces',
      { CollectionId, FaceId: null },
      "Value null at 'faceId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'several faults at once',
      'CreateUser',
      { CollectionId: '', UserId: 'é' },
      "3 validation errors detected: Value '' at 'collectionId' failed to satisfy constraint: Member must satisfy " +
        "regular expression pattern: [a-zA-Z0-9_.\\-]+; Value '' at 'collectionId' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1; Value 'é' at 'userId' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-:]+',
    ],
    [
      'too long an id',
      'DescribeCollection',
      { CollectionId: 'a'.repeat(256) },
      "at 'collectionId' failed to satisfy constraint: Member must have length less than or equal to 255",
    ],
    [
      'a threshold above 100',
      'SearchFaces',
      { CollectionId, FaceId, FaceMatchThreshold: 100.5 },
      "Value '100.5' at 'faceMatchThreshold' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      'MaxFaces of zero',
      'SearchFaces',
      { CollectionId, FaceId, MaxFaces: 0 },
      "Value '0' at 'maxFaces' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'MaxUsers above 500',
      'SearchUsers',
      { CollectionId, FaceId, MaxUsers: 501 },
      "Value '501' at 'maxUsers' failed to satisfy constraint: Member must have value less than or equal to 500",
    ],
    [
      'a word outside an enumeration',
      'SearchUsersByImage',
      { CollectionId, Image: {}, QualityFilter: 'BEST' },
      "Value 'BEST' at 'qualityFilter' failed to satisfy constraint: Member must satisfy enum value set: [NONE, AUTO, " +
        'LOW, MEDIUM, HIGH]',
    ],
    [
      'an attribute nobody knows',
      'DetectFaces',
      { Image: {}, Attributes: ['ALL', 'HAT'] },
      "Value '[ALL, HAT]' at 'attributes' failed to satisfy constraint: Member must satisfy constraint: [Member must " +
        'satisfy enum value set: [DEFAULT, ALL,',
    ],
    [
      'a face id in upper case',
      'DeleteFaces',
      { CollectionId, FaceIds: [FaceId, 'ABC'] },
      `Value '[${FaceId}, ABC]' at 'faceIds' failed to satisfy constraint: Member must satisfy constraint: [Member must ` +
        'satisfy regular expression pattern: [0-9a-f]{8}-',
    ],
    [
      'no face ids',
      'DeleteFaces',
      { CollectionId, FaceIds: [] },
      "Value '[]' at 'faceIds' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'more face ids than a user takes',
      'AssociateFaces',
      { CollectionId, UserId: 'ada', FaceIds: Array(101).fill(FaceId) },
      "at 'faceIds' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      'a tag of AWS’s own',
      'CreateCollection',
      { CollectionId, Tags: { 'aws:a': 'x' } },
      "Value '[aws:a]' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy " +
        'regular expression pattern: ^(?!aws:)',
    ],
    [
      'an S3 bucket too short',
      'CompareFaces',
      { SourceImage: { S3Object: { Bucket: 'ab' } }, TargetImage: {} },
      "Value 'ab' at 'sourceImage.s3Object.bucket' failed to satisfy constraint: Member must have length greater than " +
        'or equal to 3',
    ],
  ])('is refused for %s, in the words of the service', (_, operation, input, message) => {
    expect(check(operation, input)).toThrow(refusedWith('ValidationException', message));
  });

  it.each<[string, OperationName, unknown, string]>([
    [
      'a number for text',
      'DescribeCollection',
      { CollectionId: 42 },
      "Expected a string at 'collectionId', found a number.",
    ],
    [
      'text for a number',
      'ListFaces',
      { CollectionId, MaxResults: '5' },
      "Expected a number at 'maxResults', found a string.",
    ],
    ['a fraction for a whole number', 'ListFaces', { CollectionId, MaxResults: 1.5 }, 'Expected an integer'],
    ['no number', 'SearchFaces', { CollectionId, FaceId, FaceMatchThreshold: Number.NaN }, 'found NaN'],
    ['an infinite number', 'IndexFaces', { CollectionId, Image: {}, MaxFaces: Infinity }, 'found Infinity'],
    ['text for a list', 'DeleteFaces', { CollectionId, FaceIds: FaceId }, "Expected a list at 'faceIds'"],
    [
      'numbers in a list',
      'DeleteFaces',
      { CollectionId, FaceIds: [7] },
      "Expected strings only at 'faceIds'",
    ],
    ['a list for bytes', 'DetectFaces', { Image: { Bytes: [1, 2] } }, "Expected bytes at 'image.bytes'"],
    [
      'bytes for an image',
      'DetectFaces',
      { Image: Buffer.from('x') },
      "Expected a structure at 'image', found bytes.",
    ],
    ['a list for a request', 'ListCollections', [], 'Expected a structure as the request, found a list.'],
    ['text for a request', 'ListCollections', 'team', 'Expected a structure as the request, found a string.'],
  ])('cannot be read with %s', (_, operation, input, message) => {
    expect(check(operation, input)).toThrow(refusedWith('SerializationException', message));
  });

  it('leaves out members that have no value, or that nobody knows', () => {
    const input = {
      CollectionId,
      MaxResults: null,
      UserId: undefined,
      Colour: 'red',
      ['__proto__']: { FaceIds: [] },
    };
    expect(check('ListFaces', input)()).toEqual({ CollectionId });
  });

  it('takes no answer for an empty request', () => {
    expect(check('ListCollections', undefined)()).toEqual({});
    expect(check('ListCollections', null)()).toEqual({});
  });

  it('takes text for bytes as the SDK does, which sends its UTF-8', () => {
    expect(check('DetectFaces', { Image: { Bytes: 'é' } })()).toEqual({
      Image: { Bytes: new Uint8Array([0xc3, 0xa9]) },
    });
  });

  it('keeps a log readable when what is refused is huge', () => {
    const long = check('DescribeCollection', { CollectionId: ' '.repeat(10_000_000) });
    const many = check('DeleteFaces', { CollectionId, FaceIds: Array(100_000).fill('x'.repeat(1000)) });
    for (const refused of [long, many]) expect(refused).toThrow(/^.{100,8000}$/);
  });

  it('takes tags in any script', () => {
    const Tags = { Équipe: '東京', 'a/b+c=d@e': '' };
    expect(check('CreateCollection', { CollectionId, Tags })()).toEqual({ CollectionId, Tags });
  });
});

describe('no input whatever', () => {
  const operations = fc.constantFrom(...(Object.keys(REQUEST_SHAPES) as OperationName[]));
  const anything = fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    withTypedArray: true,
  });

  it('gets anything but an answer of the model, or an exception of the service', async () => {
    const client = new LocalRekognition({ vision: declaredFaces() });
    const members = [
      ...new Set(Object.values(REQUEST_SHAPES).flatMap(({ members }) => Object.keys(members))),
    ];
    const likely = fc.dictionary(fc.constantFrom(...members), fc.oneof(anything, fc.constant('team')));
    await fc.assert(
      fc.asyncProperty(operations, fc.oneof(anything, likely), async (operation, input) => {
        const [settled] = await Promise.allSettled([client.answer(operation, input)]);
        if (settled.status === 'rejected') expect(settled.reason).toBeInstanceOf(RekognitionServiceException);
        else expect(departuresFromModel(operation, settled.value)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('may hold itself, and hides no member behind its prototype', async () => {
    const cyclic: Record<string, unknown> = { CollectionId };
    cyclic.FaceIds = [cyclic];
    cyclic.UserId = cyclic;
    expect(check('AssociateFaces', cyclic)).toThrow(refusedWith('SerializationException'));
    expect(check('DescribeCollection', { CollectionId: '\ud800' })).toThrow(
      refusedWith('ValidationException'),
    );
  });
});
