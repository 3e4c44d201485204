import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  AssociateFacesCommand,
  CompareFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DescribeCollectionCommand,
  DetectFacesCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  ListUsersCommand,
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import {
  type CommandClient,
  cropFace,
  FaceCollection,
  fromBuffer,
  type ImageSource,
  type ServiceCommand,
} from 'rekollect';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/local/protocol/request-shapes.js';
import { departuresFromModel } from '../support/answer-model.js';
import { sample, samplePath } from '../support/sample-photos.js';
import { BACKENDS } from './backends.js';

/** What the service is documented to do, in the same words for everything that answers its commands. */

const group = await readFile(samplePath(1));
const other = await readFile(samplePath(3));
const landscape = await sharp({
  create: { width: 640, height: 480, channels: 3, background: 'seagreen' },
})
  .jpeg()
  .toBuffer();
const UNKNOWN_FACE = '00000000-0000-4000-8000-000000000000';

for (const backend of BACKENDS)
  describe.skipIf(!backend.isAvailable)(backend.name, () => {
    const CollectionId = `contract-${randomUUID()}`;
    let client: CommandClient;
    let stop: () => Promise<void>;

    /** Sends a command and holds the answer against the service's model. */
    async function send<Output>(command: ServiceCommand<Output>): Promise<Output> {
      const answer = await client.send(command);
      const { $metadata: _, ...members } = answer as Output & { $metadata: object };
      const operation = command.constructor.name.replace(/Command$/, '') as OperationName;
      expect(departuresFromModel(operation, members)).toEqual([]);
      return answer as Output;
    }

    const refused = (name: string | string[]) =>
      expect.objectContaining({ name: expect.stringMatching(new RegExp(`^(${[name].flat().join('|')})$`)) });

    beforeAll(async () => {
      ({ client, stop } = await backend.start());
      const made = await send(new CreateCollectionCommand({ CollectionId }));
      expect(made).toMatchObject({ StatusCode: 200 });
      // The service leaves "arn:" out here, and nowhere else.
      expect(made.CollectionArn).toMatch(new RegExp(`^aws:rekognition:.*:collection/${CollectionId}$`));
    });

    afterAll(async () => {
      expect(await send(new DeleteCollectionCommand({ CollectionId }))).toMatchObject({ StatusCode: 200 });
      await expect(client.send(new DescribeCollectionCommand({ CollectionId }))).rejects.toEqual(
        refused('ResourceNotFoundException'),
      );
      await stop();
    });

    it('says what a collection holds, and lists it', async () => {
      await expect(client.send(new CreateCollectionCommand({ CollectionId }))).rejects.toEqual(
        refused('ResourceAlreadyExistsException'),
      );
      const described = await send(new DescribeCollectionCommand({ CollectionId }));
      expect(described).toMatchObject({ FaceCount: 0, UserCount: 0 });
      expect(described.CollectionARN).toMatch(/^arn:aws:rekognition:/);
      expect(Math.abs(Date.now() - Number(described.CreationTimestamp))).toBeLessThan(10 * 60_000);

      const ids: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await send(
          new ListCollectionsCommand({ MaxResults: 1, ...(NextToken && { NextToken }) }),
        );
        expect(page.CollectionIds).toHaveLength(page.FaceModelVersions?.length ?? 0);
        ids.push(...(page.CollectionIds ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(ids).toContain(CollectionId);
    });

    it('sees the faces of a photo, and none where there is none', async () => {
      const { FaceDetails } = await send(
        new DetectFacesCommand({ Image: { Bytes: group }, Attributes: ['ALL'] }),
      );
      expect(FaceDetails).toHaveLength(3);
      for (const { AgeRange, BoundingBox, Confidence, Landmarks, Pose, Quality } of FaceDetails ?? []) {
        expect(Confidence).toBeGreaterThan(50);
        // AWS's own samples print both without a look whether they are there.
        expect(AgeRange?.High).toBeGreaterThan(AgeRange?.Low ?? 999);
        expect(BoundingBox?.Width).toBeGreaterThan(0.03);
        expect(Landmarks?.length).toBeGreaterThanOrEqual(25);
        expect([Pose?.Yaw, Pose?.Pitch, Pose?.Roll].every((degrees) => Math.abs(degrees ?? 999) <= 180)).toBe(
          true,
        );
        expect(Quality?.Sharpness).toBeGreaterThanOrEqual(0);
      }
      expect((await send(new DetectFacesCommand({ Image: { Bytes: landscape } }))).FaceDetails).toEqual([]);
    });

    it('compares a photo with itself, and says "invalid parameter" where there is no face', async () => {
      const Image = { Bytes: group };
      const same = await send(new CompareFacesCommand({ SourceImage: Image, TargetImage: Image }));
      expect(same.FaceMatches?.[0]?.Similarity).toBeGreaterThan(99.9);
      expect(same.UnmatchedFaces).toHaveLength(2);
      const without = new CompareFacesCommand({ SourceImage: { Bytes: landscape }, TargetImage: Image });
      await expect(client.send(without)).rejects.toEqual(refused('InvalidParameterException'));
    });

    it('refuses what is no image, and no image at all', async () => {
      const garbage = new DetectFacesCommand({ Image: { Bytes: Buffer.from('holiday.jpg') } });
      await expect(client.send(garbage)).rejects.toEqual(refused('InvalidImageFormatException'));
      const nothing = new DetectFacesCommand({ Image: {} });
      await expect(client.send(nothing)).rejects.toEqual(refused('InvalidParameterException'));
    });

    it('refuses a request that breaks a rule of the model', async () => {
      const broken = refused(['ValidationException', 'InvalidParameterException']);
      await expect(client.send(new DescribeCollectionCommand({ CollectionId: 'a b' }))).rejects.toEqual(
        broken,
      );
      const tooMany = new ListUsersCommand({ CollectionId, MaxResults: 501 });
      await expect(client.send(tooMany)).rejects.toEqual(broken);
      const noUuid = new SearchFacesCommand({ CollectionId, FaceId: 'x' });
      await expect(client.send(noUuid)).rejects.toEqual(broken);
    });

    it('knows no collection that was not made', async () => {
      const nowhere = { CollectionId: `nowhere-${randomUUID()}` };
      const missing = refused('ResourceNotFoundException');
      await expect(client.send(new ListFacesCommand(nowhere))).rejects.toEqual(missing);
      await expect(client.send(new ListUsersCommand(nowhere))).rejects.toEqual(missing);
      await expect(client.send(new DeleteCollectionCommand(nowhere))).rejects.toEqual(missing);
      await expect(client.send(new CreateUserCommand({ ...nowhere, UserId: 'ada' }))).rejects.toEqual(
        missing,
      );
      const indexing = new IndexFacesCommand({ ...nowhere, Image: { Bytes: group } });
      await expect(client.send(indexing)).rejects.toEqual(missing);
    });

    describe('with faces and a user', () => {
      const UserId = 'wilma';
      let faceIds: string[];
      /** Of the woman who is in both photos. */
      let wilma: string;

      beforeAll(async () => {
        const indexed = await send(
          new IndexFacesCommand({ CollectionId, Image: { Bytes: group }, ExternalImageId: 'group' }),
        );
        const records = indexed.FaceRecords ?? [];
        faceIds = records.map(({ Face }) => Face?.FaceId ?? '');
        expect(faceIds).toHaveLength(3);
        const rightmost = [...records].sort(
          (a, b) => (b.Face?.BoundingBox?.Left ?? 0) - (a.Face?.BoundingBox?.Left ?? 0),
        )[0];
        wilma = rightmost?.Face?.FaceId ?? '';

        expect(await send(new CreateUserCommand({ CollectionId, UserId }))).not.toHaveProperty('UserStatus');
        const associated = await send(new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [wilma] }));
        expect(associated).toMatchObject({ AssociatedFaces: [{ FaceId: wilma }], UserStatus: 'UPDATING' });
        await new FaceCollection(CollectionId, { client }).waitForUser(UserId);
      });

      it('stores faces with the largest first, and the same image under the same name once', async () => {
        const again = await send(
          new IndexFacesCommand({ CollectionId, Image: { Bytes: group }, ExternalImageId: 'group' }),
        );
        expect(again.FaceRecords?.map(({ Face }) => Face?.FaceId).sort()).toEqual([...faceIds].sort());
        const areas = again.FaceRecords?.map(({ Face }) => {
          const { Width = 0, Height = 0 } = Face?.BoundingBox ?? {};
          return Width * Height;
        });
        expect(areas).toEqual([...(areas ?? [])].sort((a, b) => b - a));
        expect(await send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({ FaceCount: 3 });
      });

      it('stores nothing of a picture without faces, and says no word of complaint', async () => {
        const indexed = await send(new IndexFacesCommand({ CollectionId, Image: { Bytes: landscape } }));
        expect(indexed.FaceRecords).toEqual([]);
      });

      it('sets faces aside that are more than asked for', async () => {
        const one = await send(
          new IndexFacesCommand({
            CollectionId,
            Image: { Bytes: group },
            MaxFaces: 1,
            ExternalImageId: 'group',
          }),
        );
        expect(one.FaceRecords).toHaveLength(1);
        expect(one.UnindexedFaces?.map(({ Reasons }) => Reasons)).toEqual([
          ['EXCEEDS_MAX_FACES'],
          ['EXCEEDS_MAX_FACES'],
        ]);
      });

      it('lists faces page by page, and those of a user', async () => {
        const seen: string[] = [];
        let NextToken: string | undefined;
        do {
          const page = await send(
            new ListFacesCommand({ CollectionId, MaxResults: 1, ...(NextToken && { NextToken }) }),
          );
          seen.push(...(page.Faces ?? []).map(({ FaceId }) => FaceId ?? ''));
          NextToken = page.NextToken;
        } while (NextToken);
        expect(seen.sort()).toEqual([...faceIds].sort());
        const ofUser = await send(new ListFacesCommand({ CollectionId, UserId }));
        expect(ofUser.Faces).toMatchObject([{ FaceId: wilma, UserId, ExternalImageId: 'group' }]);
        const bad = new ListFacesCommand({ CollectionId, NextToken: 'made-up' });
        await expect(client.send(bad)).rejects.toEqual(
          refused(['InvalidPaginationTokenException', 'InvalidParameterException']),
        );
      });

      it('lists users with their status, and makes none twice', async () => {
        const { Users } = await send(new ListUsersCommand({ CollectionId }));
        expect(Users).toContainEqual({ UserId, UserStatus: 'ACTIVE' });
        await expect(client.send(new CreateUserCommand({ CollectionId, UserId }))).rejects.toEqual(
          refused(['ConflictException', 'ResourceAlreadyExistsException']),
        );
      });

      it('ignores a face that the user has, and names those it does not take', async () => {
        const again = await send(
          new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [wilma, UNKNOWN_FACE] }),
        );
        expect(again.AssociatedFaces).toEqual([]);
        expect(again.UnsuccessfulFaceAssociations).toMatchObject([
          { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
        ]);
        const stranger = faceIds.find((faceId) => faceId !== wilma) ?? '';
        const unlike = await send(
          new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [stranger], UserMatchThreshold: 99 }),
        );
        expect(unlike.UnsuccessfulFaceAssociations).toMatchObject([
          { FaceId: stranger, Reasons: ['LOW_MATCH_CONFIDENCE'] },
        ]);
      });

      it('gives no face to two users', async () => {
        await send(new CreateUserCommand({ CollectionId, UserId: 'impostor' }));
        const taken = await send(
          new AssociateFacesCommand({ CollectionId, UserId: 'impostor', FaceIds: [wilma] }),
        );
        expect(taken.UnsuccessfulFaceAssociations).toMatchObject([
          { FaceId: wilma, UserId, Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
        ]);
        await send(new DeleteUserCommand({ CollectionId, UserId: 'impostor' }));
      });

      it('finds the woman of one photo in the other, as a face and as a user', async () => {
        const face = cropFace(fromBuffer(other), await middleFace());
        const Image = { Bytes: await face.read() };
        const faces = await send(
          new SearchFacesByImageCommand({ CollectionId, Image, FaceMatchThreshold: 80, MaxFaces: 1 }),
        );
        expect(faces.FaceMatches?.[0]?.Face).toMatchObject({ FaceId: wilma, ExternalImageId: 'group' });
        expect(faces.SearchedFaceBoundingBox?.Width).toBeGreaterThan(0.2);
        const users = await send(
          new SearchUsersByImageCommand({ CollectionId, Image, UserMatchThreshold: 80, MaxUsers: 1 }),
        );
        expect(users.UserMatches?.[0]?.User).toMatchObject({ UserId, UserStatus: 'ACTIVE' });
      });

      async function middleFace() {
        const faces = await new FaceCollection(CollectionId, { client }).detectFaces(sample(3));
        faces.sort((a, b) => a.boundingBox.left - b.boundingBox.left);
        const [, middle] = faces;
        if (!middle) throw new Error('Three women are in the photo.');
        return middle;
      }

      it('searches the largest face of a photo and names the others', async () => {
        const answer = await send(new SearchUsersByImageCommand({ CollectionId, Image: { Bytes: other } }));
        expect(answer.SearchedFace?.FaceDetail?.BoundingBox).toBeDefined();
        expect(answer.UnsearchedFaces?.map(({ Reasons }) => Reasons)).toEqual([
          ['FACE_NOT_LARGEST'],
          ['FACE_NOT_LARGEST'],
        ]);
      });

      it('answers a search by a photo without faces in two ways, one for faces and one for users', async () => {
        const Image = { Bytes: landscape };
        await expect(
          client.send(new SearchFacesByImageCommand({ CollectionId, Image })),
        ).rejects.toMatchObject({
          name: 'InvalidParameterException',
          message: expect.stringMatching(/no faces in the image/i),
        });
        const users = await send(new SearchUsersByImageCommand({ CollectionId, Image }));
        expect(users.UserMatches).toEqual([]);
        expect(users.SearchedFace).toBeUndefined();
      });

      it('leaves the face or the user that was searched out of the matches, but not the user of the face', async () => {
        const faces = await send(
          new SearchFacesCommand({ CollectionId, FaceId: wilma, FaceMatchThreshold: 0 }),
        );
        expect(faces.SearchedFaceId).toBe(wilma);
        expect(faces.FaceMatches?.map(({ Face }) => Face?.FaceId)).not.toContain(wilma);
        const similarities = faces.FaceMatches?.map(({ Similarity }) => Similarity ?? 0) ?? [];
        expect(similarities).toEqual([...similarities].sort((a, b) => b - a));

        const byFace = await send(new SearchUsersCommand({ CollectionId, FaceId: wilma }));
        expect(byFace.UserMatches?.[0]).toMatchObject({ User: { UserId } });
        expect(byFace.UserMatches?.[0]?.Similarity).toBeGreaterThan(99.9);
        expect(byFace.SearchedFace).toEqual({ FaceId: wilma });
        const byUser = await send(new SearchUsersCommand({ CollectionId, UserId, UserMatchThreshold: 0 }));
        expect(byUser.UserMatches).toEqual([]);
        expect(byUser.SearchedUser).toEqual({ UserId });

        const unknown = new SearchFacesCommand({ CollectionId, FaceId: UNKNOWN_FACE });
        await expect(client.send(unknown)).rejects.toEqual(refused('InvalidParameterException'));
      });

      it('gives the same answer to the same token, and none to the same token with another request', async () => {
        const ClientRequestToken = randomUUID();
        const request = { CollectionId, UserId: 'twice', ClientRequestToken };
        await send(new CreateUserCommand(request));
        await send(new CreateUserCommand(request));
        await expect(client.send(new CreateUserCommand({ ...request, UserId: 'other' }))).rejects.toEqual(
          refused('IdempotentParameterMismatchException'),
        );
        await send(new DeleteUserCommand({ CollectionId, UserId: 'twice' }));
      });

      it('deletes no face of a user, and keeps the faces of a deleted user', async () => {
        const inUse = await send(new DeleteFacesCommand({ CollectionId, FaceIds: [wilma, UNKNOWN_FACE] }));
        expect(inUse.DeletedFaces).toEqual([]);
        expect(inUse.UnsuccessfulFaceDeletions).toEqual(
          expect.arrayContaining([
            { FaceId: wilma, UserId, Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] },
            expect.objectContaining({ FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] }),
          ]),
        );
        const left = await send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds: [wilma] }));
        expect(left.DisassociatedFaces).toEqual([{ FaceId: wilma }]);
        await send(new DeleteUserCommand({ CollectionId, UserId }));
        await expect(client.send(new DeleteUserCommand({ CollectionId, UserId }))).rejects.toEqual(
          refused('ResourceNotFoundException'),
        );
        expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(3);
        const gone = await send(new DeleteFacesCommand({ CollectionId, FaceIds: faceIds }));
        expect(gone.DeletedFaces?.sort()).toEqual([...faceIds].sort());
        expect(gone.UnsuccessfulFaceDeletions).toEqual([]);
      });
    });

    it('keeps users in order: finds one person twice, makes one user of the two, and moves a face', async () => {
      const team = new FaceCollection(`contract-${randomUUID()}`, { client });
      await team.create();
      const leftToRight = async (n: number) =>
        (await team.detectFaces(sample(n))).sort((a, b) => a.boundingBox.left - b.boundingBox.left);
      const [group, others] = await Promise.all([leftToRight(1), leftToRight(3)]);
      const enroll = async (userId: string, photo: ImageSource) =>
        (await team.enrollUser(userId, [photo])).associated[0]!.faceId;
      const wilma = await enroll('wilma', cropFace(sample(1), group[2]!));
      const again = await enroll('wilma-again', cropFace(sample(3), others[1]!));
      const fred = await enroll('fred', cropFace(sample(1), group[0]!));
      for (const userId of ['wilma', 'wilma-again', 'fred']) await team.waitForUser(userId);

      const options = { minFaces: 1, duplicateThreshold: 80 };
      const { findings } = await team.auditUsers(options);
      expect(findings).toMatchObject([{ kind: 'DUPLICATE_USERS', similarity: expect.any(Number) }]);
      expect(await team.mergeUsers('wilma-again', 'wilma')).toMatchObject({
        moved: [again],
        userDeleted: true,
      });
      await team.waitForUser('wilma');
      expect((await team.auditUsers(options)).findings).toEqual([]);

      expect(await team.moveFaces([fred], 'wilma')).toMatchObject({
        moved: [],
        rejected: [{ faceId: fred, reason: 'LOW_MATCH_CONFIDENCE' }],
      });
      expect(await team.moveFaces([fred], 'wilma', { threshold: 0 })).toMatchObject({ moved: [fred] });
      await team.waitForUser('wilma');
      const mixed = await team.auditUsers(options);
      expect(mixed.findings).toHaveLength(2);
      expect(mixed.findings).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'TOO_FEW_FACES', userId: 'fred', faces: 0 }),
          expect.objectContaining({ kind: 'STRAY_FACE', userId: 'wilma', faceId: fred }),
        ]),
      );
      const faces = await team.listFaces({ userId: 'wilma' }).all();
      expect(faces.map(({ faceId }) => faceId).sort()).toEqual([wilma, again, fred].sort());
      await team.delete();
    });

    it('carries a FaceCollection from enrolment to a named face', async () => {
      const collectionId = `contract-${randomUUID()}`;
      const team = new FaceCollection(collectionId, { client });
      await team.create();
      const right = (await team.detectFaces(sample(1))).sort(
        (a, b) => b.boundingBox.left - a.boundingBox.left,
      )[0];
      if (!right) throw new Error('Three women are in the photo.');
      const photoName = 'Wilma, right.jpg';
      const photo = { ...cropFace(sample(1), right), photoName };
      const { associated } = await team.enrollUser('wilma', [photo]);
      expect(associated).toHaveLength(1);
      expect(await team.listFaces().all()).toMatchObject([{ userId: 'wilma', photoName }]);
      await team.waitForUser('wilma');
      const { faces } = await team.searchPhoto(sample(3), { threshold: 80 });
      const named = faces.filter(({ status }) => status === 'matched');
      expect(named).toMatchObject([{ matches: [{ userId: 'wilma' }] }]);
      const best = expect.objectContaining({ userId: 'wilma' });
      expect((await team.searchPhoto(sample(3), { threshold: 80, best: true })).faces).toEqual(
        faces.map((face) => (face.status === 'unmatched' ? { ...face, best } : face)),
      );
      // One search at the lower threshold says what two searches say.
      const suggested = faces.map((found) => {
        if (found.status !== 'matched') return found;
        return { face: found.face, status: 'suggested', suggestions: found.matches };
      });
      const unsure = { threshold: 100, suggestionThreshold: 80 };
      expect((await team.searchPhoto(sample(3), unsure)).faces).toEqual(suggested);
      // Nobody else is alike, so that nothing changes.
      expect((await team.searchPhoto(sample(3), { threshold: 80, uniqueUsers: true })).faces).toEqual(faces);
      expect(await team.delete()).toEqual({ deleted: true });
    });
  });
