import {
  DeleteFacesCommand,
  IndexFacesCommand,
  ListFacesCommand,
  SearchFacesCommand,
} from '@aws-sdk/client-rekognition';

import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/local/store/memory.js';
import { aCollection, CollectionId, refusedWith } from '../support/declared-collection.js';

const UNKNOWN_FACE = '00000000-0000-4000-8000-000000000000';
const small = { left: 0.7, top: 0.7, width: 0.1, height: 0.1 };
const large = { left: 0.1, top: 0.1, width: 0.4, height: 0.4 };

describe('IndexFaces', () => {
  it('adds every face, the largest first, with numbers in single precision', async () => {
    const { send, vision } = await aCollection();
    const Bytes = await vision.photo([{ box: small }, { box: large }]);
    const answer = await send(
      new IndexFacesCommand({ CollectionId, Image: { Bytes }, ExternalImageId: 'party.jpg' }),
    );
    expect(answer.FaceRecords!.map(({ Face }) => Face!.BoundingBox!.Width)).toEqual(
      [0.4, 0.1].map(Math.fround),
    );
    expect(answer).toMatchObject({ UnindexedFaces: [], FaceModelVersion: 'declared-faces-1' });
    const { Face, FaceDetail } = answer.FaceRecords![0]!;
    expect(Face).toMatchObject({ ExternalImageId: 'party.jpg', Confidence: Math.fround(99.9) });
    expect(FaceDetail!.BoundingBox).toEqual(Face!.BoundingBox);
    expect(answer).not.toHaveProperty('OrientationCorrection');
  });

  it('answers two empty lists for a photo without a face', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([]) };
    expect(await send(new IndexFacesCommand({ CollectionId, Image }))).toMatchObject({
      FaceRecords: [],
      UnindexedFaces: [],
    });
  });

  it('leaves the smallest faces out when there are more than MaxFaces', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([{ box: small }, { box: large }]) };
    const answer = await send(new IndexFacesCommand({ CollectionId, Image, MaxFaces: 1 }));
    expect(answer.FaceRecords).toMatchObject([{ Face: { BoundingBox: { Width: Math.fround(0.4) } } }]);
    expect(answer.UnindexedFaces).toMatchObject([
      { Reasons: ['EXCEEDS_MAX_FACES'], FaceDetail: { BoundingBox: { Width: Math.fround(0.1) } } },
    ]);
  });

  it('sets poor faces aside before it counts, and says why', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([{ box: large, yaw: 80, brightness: 2 }, { box: small }]) };
    const request = { CollectionId, Image, MaxFaces: 1, ExternalImageId: 'a' };
    const answer = await send(new IndexFacesCommand(request));
    expect(answer.FaceRecords).toMatchObject([{ Face: { BoundingBox: { Width: Math.fround(0.1) } } }]);
    expect(answer.UnindexedFaces).toMatchObject([{ Reasons: ['EXTREME_POSE', 'LOW_BRIGHTNESS'] }]);

    const all = await send(new IndexFacesCommand({ CollectionId, Image, QualityFilter: 'NONE' }));
    expect(all.FaceRecords).toHaveLength(2);
  });

  it.each([
    ['LOW_CONFIDENCE', { confidence: 20 }],
    ['EXTREME_POSE', { pitch: -80 }],
    ['LOW_BRIGHTNESS', { brightness: 1 }],
    ['LOW_SHARPNESS', { sharpness: 0 }],
    ['SMALL_BOUNDING_BOX', { box: { left: 0.1, top: 0.1, width: 0.02, height: 0.02 } }],
    ['LOW_FACE_QUALITY', { vectorQuality: 0 }],
  ])('gives %s as the reason', async (reason, face) => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([face]) };
    const { FaceRecords, UnindexedFaces } = await send(new IndexFacesCommand({ CollectionId, Image }));
    expect(FaceRecords).toEqual([]);
    expect(UnindexedFaces!.map(({ Reasons }) => Reasons)).toEqual([[reason]]);
  });

  it('is stricter with each step of the filter', async () => {
    const { index } = await aCollection();
    const faces = [0, 35, 50, 70].map((yaw) => ({ yaw }));
    const counts = [];
    for (const QualityFilter of ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const)
      counts.push((await index(faces, { QualityFilter })).length);
    expect(counts).toEqual([4, 3, 2, 1]);
  });

  it('recognises a photo it has indexed under the same external id', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([{}, {}]) };
    const index = async (ExternalImageId?: string) => {
      const { FaceRecords } = await send(new IndexFacesCommand({ CollectionId, Image, ExternalImageId }));
      const faces = FaceRecords!.map(({ Face }) => Face!);
      return { faceIds: faces.map(({ FaceId }) => FaceId), imageId: faces[0]!.ImageId };
    };
    const first = await index('a.jpg');
    expect(await index('a.jpg')).toEqual(first);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(2);

    const renamed = await index('b.jpg');
    expect(renamed.imageId).not.toBe(first.imageId);
    expect(renamed.faceIds).not.toContain(first.faceIds[0]);

    const unnamed = await index();
    const again = await index();
    expect(again.imageId).toBe(unnamed.imageId);
    expect(again.faceIds).not.toContain(unnamed.faceIds[0]);
  });

  it('adds a face again that was deleted, and faces that were left out before', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([{ box: large }, { box: small }]) };
    const index = async (MaxFaces: number) => {
      const request = { CollectionId, Image, MaxFaces, ExternalImageId: 'a' };
      const { FaceRecords } = await send(new IndexFacesCommand(request));
      return FaceRecords!.map(({ Face }) => Face!.FaceId!);
    };
    const [first] = await index(1);
    expect(await index(2)).toEqual([first, expect.any(String)]);
    await send(new DeleteFacesCommand({ CollectionId, FaceIds: [first!] }));
    expect((await index(1))[0]).not.toBe(first);
  });

  it('looks at the 100 largest faces', async () => {
    const { send, vision } = await aCollection();
    const faces = Array.from({ length: 110 }, (_, i) => ({
      box: { left: (i % 11) / 11, top: Math.floor(i / 11) / 11, width: 0.06, height: 0.06 },
    }));
    const Image = { Bytes: await vision.photo(faces, { width: 1100, height: 1100 }) };
    const answer = await send(new IndexFacesCommand({ CollectionId, Image, MaxFaces: 5000 }));
    expect(answer.FaceRecords).toHaveLength(100);
    expect(answer.UnindexedFaces).toEqual([]);
  });

  it('adds none when not all of them fit into the collection', async () => {
    const { send, index } = await aCollection({ limits: { facesPerCollection: 3 } });
    await index([{}, {}]);
    await expect(index([{}, {}])).rejects.toEqual(refusedWith('ServiceQuotaExceededException'));
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(2);
    await expect(index([{}])).resolves.toHaveLength(1);
  });
});

describe('ListFaces', () => {
  it('answers stored numbers with six digits, in the order of the ids', async () => {
    const { send, index } = await aCollection();
    const ids = await index([{ confidence: 99.993408203125 }, {}, {}]);
    const { Faces, FaceModelVersion } = await send(new ListFacesCommand({ CollectionId }));
    expect(FaceModelVersion).toBe('declared-faces-1');
    expect(Faces!.map(({ FaceId }) => FaceId)).toEqual(ids.toSorted());
    const listed = Faces!.find(({ FaceId }) => FaceId === ids[0]);
    expect(listed).toMatchObject({ Confidence: 99.99340057373047, IndexFacesModelVersion: '7.0' });
  });

  it('leaves out what a face has not: external id and user', async () => {
    const { send, index } = await aCollection();
    await index([{}]);
    const [face] = (await send(new ListFacesCommand({ CollectionId }))).Faces!;
    expect(Object.keys(face!).sort()).toEqual([
      'BoundingBox',
      'Confidence',
      'FaceId',
      'ImageId',
      'IndexFacesModelVersion',
    ]);
  });

  it('filters by user, by ids, and by both', async () => {
    const { send, index, enroll } = await aCollection();
    const ada = await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    const [other] = await index([{}]);
    const list = async (filter: { UserId?: string; FaceIds?: string[] }) =>
      (await send(new ListFacesCommand({ CollectionId, ...filter }))).Faces!.map(({ FaceId }) => FaceId);
    expect(await list({ UserId: 'ada' })).toEqual(ada.toSorted());
    expect(await list({ FaceIds: [other!, UNKNOWN_FACE] })).toEqual([other]);
    expect(await list({ UserId: 'ada', FaceIds: [other!, ada[0]!] })).toEqual([ada[0]]);
    expect(await list({ UserId: 'nobody' })).toEqual([]);
  });

  it('names the user of an associated face', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toMatchObject([{ UserId: 'ada' }]);
  });

  it('pages through a filtered list', async () => {
    const { send, index } = await aCollection();
    const FaceIds = await index([{}, {}, {}]);
    const listed: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await send(new ListFacesCommand({ CollectionId, FaceIds, MaxResults: 1, NextToken }));
      listed.push(...page.Faces!.map(({ FaceId }) => FaceId));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(listed).toEqual(FaceIds.toSorted());
  });
});

describe('DeleteFaces', () => {
  it('deletes faces that nobody has, and says why the others stay', async () => {
    const { send, index, enroll } = await aCollection();
    const [adas] = await enroll('ada', [{ person: 'ada' }]);
    const [free] = await index([{}]);
    const FaceIds = [free!, adas!, UNKNOWN_FACE, free!];
    expect(await send(new DeleteFacesCommand({ CollectionId, FaceIds }))).toMatchObject({
      DeletedFaces: [free],
      UnsuccessfulFaceDeletions: [
        { FaceId: adas, UserId: 'ada', Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] },
        { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
      ],
    });
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(1);
  });

  it('leaves nothing of a face behind', async () => {
    const store = new MemoryStore();
    const { send, index } = await aCollection({ store });
    const FaceIds = await index([{ person: 'ada' }], { ExternalImageId: 'ada.jpg' });
    await send(new DeleteFacesCommand({ CollectionId, FaceIds }));
    expect([...store.keys('')]).toEqual(['collection/team']);
  });

  it('takes a face out of searches', async () => {
    const { send, index } = await aCollection();
    const [a] = await index([{ person: 'ada' }]);
    const [b] = await index([{ person: 'ada' }]);
    const search = () => send(new SearchFacesCommand({ CollectionId, FaceId: a! }));
    expect((await search()).FaceMatches).toHaveLength(1);
    await send(new DeleteFacesCommand({ CollectionId, FaceIds: [b!] }));
    expect((await search()).FaceMatches).toEqual([]);
  });
});
