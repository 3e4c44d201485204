import {
  AssociateFacesCommand,
  CompareFacesCommand,
  CreateUserCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
  ListFacesCommand,
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import type { Vision } from 'rekollect/local';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/local/store/memory.js';
import { type DeclaredFaces, declaredFaces } from '../../src/testing/declared-faces.js';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';
import { expectSound } from '../support/sound-records.js';

const QualityFilter = 'NONE';
const front = { person: 'ada' };
const profile = { person: 'ada', isProfile: true };

/** Models that see faces in profile, and cannot tell whose they are. */
function withoutProfiles(vision: DeclaredFaces): DeclaredFaces {
  const { profileSpace: _, ...rest } = vision;
  const analyze: Vision['analyze'] = async (image, request) =>
    (await vision.analyze(image, request)).map(({ profileVector, ...face }) => face);
  return { ...rest, analyze };
}

const facesIn = (answer: {
  FaceMatches?: { Face?: { FaceId?: string | undefined } | undefined }[] | undefined;
}) => answer.FaceMatches!.map(({ Face }) => Face!.FaceId);
const usersIn = (answer: {
  UserMatches?: { User?: { UserId?: string | undefined } | undefined }[] | undefined;
}) => answer.UserMatches!.map(({ User }) => User!.UserId);

describe('a face in profile', () => {
  it('is found among profiles, and one from the front among those from the front', async () => {
    const { vision, send, index } = await aCollection();
    const [fromFront] = await index([front]);
    const [aside] = await index([profile], { QualityFilter });
    await index([{ person: 'grace' }]);
    const search = async (face: object) =>
      facesIn(
        await send(
          new SearchFacesByImageCommand({ CollectionId, Image: { Bytes: await vision.photo([face]) } }),
        ),
      );
    // Who was seen from the front was kept with the profile too.
    expect((await search(profile)).sort()).toEqual([fromFront, aside].sort());
    expect(await search(front)).toEqual([fromFront]);

    const byId = async (FaceId: string) =>
      facesIn(await send(new SearchFacesCommand({ CollectionId, FaceId })));
    expect(await byId(aside!)).toEqual([fromFront]);
    expect(await byId(fromFront!)).toEqual([]);
  });

  it('finds users, and becomes part of one', async () => {
    const store = new MemoryStore();
    const { vision, send, index, enroll } = await aCollection({ store });
    await enroll('ada', [front, front]);
    await enroll('grace', [{ person: 'grace' }]);
    const Image = { Bytes: await vision.photo([profile]) };
    expect(usersIn(await send(new SearchUsersByImageCommand({ CollectionId, Image })))).toEqual(['ada']);

    const [aside] = await index([profile], { QualityFilter });
    const [ofGrace] = await index([{ person: 'grace', isProfile: true }], { QualityFilter });
    expect(usersIn(await send(new SearchUsersCommand({ CollectionId, FaceId: aside! })))).toEqual(['ada']);
    const FaceIds = [aside!, ofGrace!];
    const answer = await send(new AssociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds }));
    expect(answer).toMatchObject({
      AssociatedFaces: [{ FaceId: aside }],
      UnsuccessfulFaceAssociations: [{ FaceId: ofGrace, Reasons: ['LOW_MATCH_CONFIDENCE'] }],
    });
    expectSound(store, CollectionId);
  });

  it('makes a user that profiles are found by alone', async () => {
    const store = new MemoryStore();
    const { vision, send, index } = await aCollection({ store });
    const FaceIds = await index([profile], { QualityFilter });
    await send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));
    await send(new AssociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds }));
    const search = async (face: object) => {
      const Image = { Bytes: await vision.photo([face]) };
      return usersIn(await send(new SearchUsersByImageCommand({ CollectionId, Image })));
    };
    expect(await search(profile)).toEqual(['ada']);
    expect(await search(front)).toEqual([]);
    await send(new DisassociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds }));
    expect(await search(profile)).toEqual([]);
    expectSound(store, CollectionId);
  });

  it('is compared by profile with a face of any side', async () => {
    const { vision, send } = anEngine();
    const photo = async (...faces: object[]) => ({ Bytes: await vision.photo(faces) });
    const strangers = [{ person: 'grace' }, { person: 'grace', isProfile: true }];
    for (const [source, target] of [
      [profile, front],
      [front, profile],
      [profile, profile],
    ]) {
      const SourceImage = await photo(source!);
      const TargetImage = await photo(target!, ...strangers);
      const answer = await send(new CompareFacesCommand({ SourceImage, TargetImage }));
      expect(answer.FaceMatches).toHaveLength(1);
      expect(answer.UnmatchedFaces).toHaveLength(2);
    }
  });

  it('is kept with the model of its profile, which no other may follow', async () => {
    const store = new MemoryStore();
    const { vision, index } = await aCollection({ store });
    await index([front]);
    const other = { ...vision, profileSpace: { ...vision.profileSpace!, version: 'other-profiles' } };
    const Image = { Bytes: await vision.photo([profile]) };
    const { client } = anEngine({ store, vision: other });
    const refused = refusedWith('InvalidParameterException', 'face vectors of "declared-profiles-1"');
    await expect(client.send(new IndexFacesCommand({ CollectionId, Image, QualityFilter }))).rejects.toEqual(
      refused,
    );
    await expect(client.send(new SearchFacesByImageCommand({ CollectionId, Image }))).rejects.toEqual(
      refused,
    );
  });
});

describe('a face in profile, without a model for profiles', () => {
  it('is set aside when it is indexed, whatever the filter, and takes no place of another', async () => {
    const vision = withoutProfiles(declaredFaces());
    const { send } = await aCollection({ vision });
    const box = { left: 0.1, top: 0.1, width: 0.6, height: 0.8 };
    const Image = {
      Bytes: await vision.photo([
        { ...profile, box },
        { person: 'grace', box: { ...box, left: 0.8, width: 0.1 } },
      ]),
    };
    const request = { CollectionId, Image, MaxFaces: 1, QualityFilter } as const;
    const { FaceRecords, UnindexedFaces } = await send(new IndexFacesCommand(request));
    expect(FaceRecords).toHaveLength(1);
    expect(FaceRecords![0]!.Face!.BoundingBox!.Left).toBeCloseTo(0.8);
    expect(UnindexedFaces).toMatchObject([{ Reasons: ['EXTREME_POSE'] }]);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(1);
  });

  it('is answered when it is searched, with no matches', async () => {
    const vision = withoutProfiles(declaredFaces());
    const { send, client } = await aCollection({ vision });
    const Bytes = await vision.photo([front]);
    await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes } }));
    const Image = { Bytes: await vision.photo([profile]) };
    expect(await send(new SearchFacesByImageCommand({ CollectionId, Image }))).toMatchObject({
      SearchedFaceConfidence: expect.closeTo(99.9, 3),
      FaceMatches: [],
    });
    expect(await send(new SearchUsersByImageCommand({ CollectionId, Image }))).toMatchObject({
      SearchedFace: { FaceDetail: { Confidence: expect.closeTo(99.9, 3) } },
      UserMatches: [],
    });
  });

  it('matches nobody when it is compared', async () => {
    const vision = withoutProfiles(declaredFaces());
    const { send } = anEngine({ vision });
    const [aside, straight] = [await vision.photo([profile]), await vision.photo([front])];
    for (const [source, target] of [
      [aside, straight],
      [straight, aside],
    ]) {
      const images = { SourceImage: { Bytes: source! }, TargetImage: { Bytes: target! } };
      const answer = await send(new CompareFacesCommand(images));
      expect(answer.FaceMatches).toEqual([]);
      expect(answer.UnmatchedFaces).toHaveLength(1);
    }
  });

  it('may be kept in the same collection once there is one', async () => {
    const store = new MemoryStore();
    const vision = declaredFaces();
    const first = await aCollection({ store, vision: withoutProfiles(vision) });
    const Bytes = await vision.photo([front]);
    await first.send(new IndexFacesCommand({ CollectionId, Image: { Bytes } }));
    const { send } = anEngine({ store, vision });
    const Image = { Bytes: await vision.photo([profile]) };
    const { FaceRecords } = await send(new IndexFacesCommand({ CollectionId, Image, QualityFilter }));
    const found = await send(new SearchFacesByImageCommand({ CollectionId, Image }));
    expect(facesIn(found)).toEqual([FaceRecords![0]!.Face!.FaceId]);
    expectSound(store, CollectionId);

    // Where the model is missing again, it is nothing that could be searched.
    const FaceId = FaceRecords![0]!.Face!.FaceId!;
    expect(facesIn(await first.send(new SearchFacesCommand({ CollectionId, FaceId })))).toEqual([]);
  });
});
