import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BulkEnrollment,
  FaceCollection,
  fromBuffer,
  fromFolder,
  type PersonEnrollment,
} from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';
import { faceId, serviceError } from '../support/aws-answers.js';
import { aFolder, type FileContent } from '../support/people-folder.js';

/** A collection that sees declared faces, and the names of the operations that it was asked for. */
async function aTeam(files: Readonly<Record<string, FileContent>> = {}) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  let asked: string[] = [];
  /** Called before each operation. */
  const hooks = { before: async (_operation: string): Promise<void> => {} };
  const send: LocalRekognition['send'] = async (command, options) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    asked.push(operation);
    await hooks.before(operation);
    return engine.send(command, options);
  };
  const team = new FaceCollection('team', { client: { send } });
  await team.create();
  const people = await aFolder(vision, files);
  const takeAsked = () => {
    const taken = asked;
    asked = [];
    return taken;
  };
  takeAsked();
  const photosByUser = async () => {
    const faces = await team.listFaces().all();
    const entries = faces.map(({ userId = 'nobody', photoName = 'no name' }) => `${userId}: ${photoName}`);
    return entries.sort();
  };
  return { team, vision, hooks, takeAsked, photosByUser, ...people };
}

const THREE = {
  'ada/1.jpg': ['ada'],
  'ada/more/2.jpg': ['ada'],
  'bob/1.jpg': ['bob'],
  'José Núñez/a b.jpg': ['josé'],
};

describe('enrollMany', () => {
  it('enrolls everybody in a folder, and keeps the names of their photos', async () => {
    const { team, folder, photosByUser } = await aTeam(THREE);
    const report = await team.enrollMany(fromFolder(folder));
    expect(report).toMatchObject({ people: 3, usersCreated: 3, photos: 4, associated: 4, known: 0 });
    expect(report).toMatchObject({ rejected: [], failed: [], former: [], leftOut: [], otherUsers: [] });
    expect(await photosByUser()).toEqual([
      'Jos:e9.20:N:fa.f1:ez: a b.jpg',
      'ada: 1.jpg',
      'ada: more/2.jpg',
      'bob: 1.jpg',
    ]);
    expect(report.calls).toMatchObject({
      ListFaces: { calls: 1, billed: 0 },
      IndexFaces: { calls: 4, billed: 4, throttled: 0 },
      SearchFaces: { calls: 1 },
      CreateUser: { calls: 3, billed: 0 },
      AssociateFaces: { calls: 3 },
    });
  });

  it('takes an array, a generator, and images that come one by one', async () => {
    const { team, vision } = await aTeam();
    const photo = async (name: string) => fromBuffer(await vision.photo([{ person: name }]));
    async function* images() {
      yield await photo('bob');
      yield await photo('bob');
    }
    function* people() {
      yield { userId: 'bob', images: images() };
    }
    expect(await team.enrollMany([{ userId: 'ada', images: [await photo('ada')] }])).toMatchObject({
      associated: 1,
    });
    expect(await team.enrollMany(people())).toMatchObject({ associated: 2, otherUsers: ['ada'] });
  });

  it('asks for one list when all of it is enrolled', async () => {
    const { team, folder, takeAsked } = await aTeam(THREE);
    await team.enrollMany(fromFolder(folder));
    takeAsked();
    const again = await team.enrollMany(fromFolder(folder));
    expect(again).toMatchObject({ people: 3, usersCreated: 0, photos: 4, associated: 0, known: 4 });
    expect(takeAsked()).toEqual(['ListFaces']);
  });

  it('asks for three lists when ten thousand photos are enrolled', async () => {
    const photos = Array.from({ length: 10_000 }, (_, n) => ({ user: `user-${n >> 2}`, etag: `${n}` }));
    const faces = photos.map(({ user, etag }, n) => ({
      FaceId: faceId(n),
      UserId: user,
      ExternalImageId: `etag:${createHash('sha256').update(etag).digest('hex')}:${n}.jpg`,
    }));
    const client = {
      send: async ({ input }: { input: { NextToken?: string } }) => {
        const begin = Number(input.NextToken ?? 0);
        const end = begin + 4096;
        return { Faces: faces.slice(begin, end), ...(end < faces.length && { NextToken: String(end) }) };
      },
    };
    const people = new Map<string, typeof photos>();
    for (const photo of photos) people.set(photo.user, [...(people.get(photo.user) ?? []), photo]);
    const report = await new FaceCollection('team', { client: client as never }).enrollMany(
      Array.from(people, ([userId, ofUser]) => ({
        userId,
        images: ofUser.map(({ etag }) => ({ name: etag, etag, read: async () => new Uint8Array() })),
      })),
    );
    expect(report).toMatchObject({ people: 2500, photos: 10_000, known: 10_000, former: [] });
    expect(report.calls).toEqual({ ListFaces: { calls: 3, billed: 0, throttled: 0 } });
  });

  it('asks for each user where the collection is too large to be listed', async () => {
    const etags = ['a', 'b'];
    const idOf = (etag: string) => `etag:${createHash('sha256').update(etag).digest('hex')}:${etag}.jpg`;
    const client = {
      send: async ({ input }: { input: { NextToken?: string; UserId?: string } }) => {
        if (input.UserId === 'ada') {
          return {
            Faces: etags.map((etag, n) => ({
              FaceId: faceId(n),
              UserId: 'ada',
              ExternalImageId: idOf(etag),
            })),
          };
        }
        const page = Number(input.NextToken ?? 0) + 1;
        const Faces = Array.from({ length: 4096 }, (_, n) => ({
          FaceId: faceId(n),
          UserId: `other-${page}`,
        }));
        return { Faces, NextToken: String(page) };
      },
    };
    const images = etags.map((etag) => ({ name: etag, etag, read: async () => new Uint8Array() }));
    const team = new FaceCollection('team', { client: client as never });
    const report = await team.enrollMany([{ userId: 'ada', images }]);
    expect(report).toMatchObject({ known: 2, otherUsers: [], calls: { ListFaces: { calls: 63 } } });
  });

  it('sends what was added, and nothing else', async () => {
    const { team, folder, write, takeAsked, photosByUser } = await aTeam(THREE);
    await team.enrollMany(fromFolder(folder));
    takeAsked();
    await write('ada/3.jpg', ['ada']);
    expect(await team.enrollMany(fromFolder(folder))).toMatchObject({ associated: 1, known: 4 });
    expect(takeAsked()).toEqual(['ListFaces', 'ListFaces', 'IndexFaces', 'CreateUser', 'AssociateFaces']);
    expect(await photosByUser()).toContain('ada: 3.jpg');
  });

  it('replaces a photo whose content changed, also of a user who is full', async () => {
    const full = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`ada/${n}.jpg`, ['ada']]));
    const { team, folder, write, photosByUser } = await aTeam({ ...full, 'bob/1.jpg': ['bob'] });
    await team.enrollMany(fromFolder(folder));
    const before = await team.listFaces().all();
    await write('ada/7.jpg', ['ada']);
    await write('bob/1.jpg', ['bob']);
    const report = await team.enrollMany(fromFolder(folder));
    expect(report).toMatchObject({ associated: 2, known: 99, rejected: [] });
    expect(report.former).toMatchObject([
      { userId: 'ada', photo: '7.jpg', status: 'changed', deleted: true },
      { userId: 'bob', photo: '1.jpg', status: 'changed', deleted: true },
    ]);
    expect(await photosByUser()).toHaveLength(101);
    const after = new Set((await team.listFaces().all()).map(({ faceId }) => faceId));
    expect(before.filter(({ faceId }) => !after.has(faceId))).toHaveLength(2);
    expect(await team.enrollMany(fromFolder(folder))).toMatchObject({ associated: 0, former: [] });
  });

  it('keeps the face of a photo whose new content cannot be used', async () => {
    const { team, folder, write, photosByUser } = await aTeam(THREE);
    await team.enrollMany(fromFolder(folder));
    await write('bob/1.jpg', 'no photo any more');
    const report = await team.enrollMany(fromFolder(folder), { prune: true });
    expect(report.rejected).toMatchObject([{ userId: 'bob', photo: '1.jpg', reason: 'UNREADABLE_IMAGE' }]);
    expect(report.former).toMatchObject([{ userId: 'bob', status: 'changed', deleted: false }]);
    expect(await photosByUser()).toContain('bob: 1.jpg');
  });

  it('reports photos that are gone, and deletes their faces where that is asked for', async () => {
    const { team, folder, remove, photosByUser } = await aTeam(THREE);
    await team.enrollMany(fromFolder(folder));
    await remove('ada/more');
    await remove('bob/1.jpg');
    const gone = [
      { userId: 'ada', photo: 'more/2.jpg', status: 'gone' },
      { userId: 'bob', photo: '1.jpg', status: 'gone' },
    ];
    const kept = await team.enrollMany(fromFolder(folder));
    expect(kept.former).toMatchObject(gone.map((photo) => ({ ...photo, deleted: false })));
    expect(await photosByUser()).toHaveLength(4);
    const pruned = await team.enrollMany(fromFolder(folder), { prune: true });
    expect(pruned.former).toMatchObject(gone.map((photo) => ({ ...photo, deleted: true })));
    expect(await photosByUser()).toEqual(['Jos:e9.20:N:fa.f1:ez: a b.jpg', 'ada: 1.jpg']);
  });

  it('knows a photo that was renamed, and one that was enrolled without a name', async () => {
    const { team, vision, folder, write, takeAsked } = await aTeam();
    const photo = await vision.photo([{ person: 'ada' }]);
    await team.enrollUser('ada', [fromBuffer(photo)]);
    const people = (photoName: string) => [{ userId: 'ada', images: [fromBuffer(photo, { photoName })] }];
    takeAsked();
    expect(await team.enrollMany(people('1.jpg'))).toMatchObject({ known: 1, former: [] });
    await write('bob/old.jpg', ['bob']);
    await team.enrollMany(fromFolder(folder));
    await rename(join(folder, 'bob/old.jpg'), join(folder, 'bob/new.jpg'));
    takeAsked();
    expect(await team.enrollMany(fromFolder(folder))).toMatchObject({ known: 1, associated: 0, former: [] });
    expect(takeAsked()).toEqual(['ListFaces']);
  });

  it('says what is wrong with photos in words to act on, and enrolls the rest', async () => {
    const { team, folder } = await aTeam({
      'ada/1.jpg': ['ada'],
      'ada/2.jpg': ['ada'],
      'ada/party.jpg': ['ada', 'bob', 'eve'],
      'ada/stray.jpg': ['bob'],
      'ada/stray-too.jpg': ['eve'],
      'ada/wall.jpg': [],
      'ada/broken.jpg': 'not an image',
      'bob/1.jpg': ['bob'],
      'eve/night.jpg': [{ person: 'eve', brightness: 2 }],
      'nobody/notes.txt': 'no photos here',
    });
    const report = await team.enrollMany(fromFolder(folder));
    expect(report.rejected.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^ada: broken\.jpg cannot be read \(.*broken\.jpg: .+\)\.$/),
      'ada: party.jpg shows 3 people, and nobody can tell who is meant. Crop it to ada, or have the largest face taken.',
      expect.stringMatching(/^ada: stray-too\.jpg shows somebody else than the other photos \(similarity \d/),
      expect.stringMatching(/^ada: stray\.jpg shows somebody else .* Move it to the person it shows\.$/),
      'ada: wall.jpg shows no face that is clear enough. Take another one.',
      'eve: night.jpg is too dark.',
    ]);
    expect(report.findings.map(({ userId, kind }) => `${userId}: ${kind}`)).toEqual([
      'ada: SEVERAL_PEOPLE',
      'bob: ONE_USABLE_PHOTO',
      'eve: NO_USABLE_PHOTO',
      'nobody: NO_USABLE_PHOTO',
    ]);
    expect(report.leftOut).toMatchObject([{ reason: 'NO_IMAGE_NAME' }]);
    expect(report).toMatchObject({ people: 4, usersCreated: 2, photos: 9, associated: 3, failed: [] });
    // A second run says the same.
    const again = await team.enrollMany(fromFolder(folder));
    expect([again.rejected, again.findings]).toMatchObject([report.rejected, report.findings]);
  });

  it('goes on after a person that fails, and tries again where the service is out of order', async () => {
    const { team, folder, hooks } = await aTeam(THREE);
    let failures = 1;
    hooks.before = async (operation) => {
      if (operation === 'CreateUser' && failures-- > 0) throw serviceError('InternalServerError');
    };
    expect(await team.enrollMany(fromFolder(folder), { concurrency: 1 })).toMatchObject({
      people: 3,
      associated: 4,
      failed: [],
    });

    const report = await team.enrollMany([{ userId: 'not allowed!', images: [] }]);
    expect(report.failed).toMatchObject([{ userId: 'not allowed!', error: { code: 'INVALID_ARGUMENT' } }]);
  });

  it('ends at once where everybody would fail', async () => {
    const { team, folder, hooks, takeAsked } = await aTeam(THREE);
    hooks.before = async (operation) => {
      if (operation === 'IndexFaces') throw serviceError('AccessDeniedException');
    };
    await expect(team.enrollMany(fromFolder(folder), { concurrency: 1 })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(takeAsked().filter((name) => name === 'IndexFaces')).toHaveLength(1);
  });

  it('reports what was done when the signal ends it, and completes it the next time', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`user-${n}/1.jpg`, [`user-${n}`]]),
    );
    const { team, folder, photosByUser } = await aTeam(files);
    const giveUp = new AbortController();
    const report = await team.enrollMany(fromFolder(folder), {
      concurrency: 2,
      signal: giveUp.signal,
      onProgress: ({ people }) => {
        if (people === 5) giveUp.abort(new Error('enough'));
      },
    });
    expect(report.stopped).toEqual(new Error('enough'));
    expect(report.people).toBeLessThan(20);
    const enrolled = await photosByUser();
    expect(enrolled).toHaveLength(report.associated);
    const rest = await team.enrollMany(fromFolder(folder));
    expect(rest).toMatchObject({ people: 20, associated: 20 - report.associated, known: report.associated });
    expect(rest).not.toHaveProperty('stopped');
    expect(await photosByUser()).toHaveLength(20);
  });

  it('refuses what is no people, before anything is sent', async () => {
    const { team, takeAsked } = await aTeam();
    for (const people of ['people', undefined, 7, {}, fromBuffer(new Uint8Array(1))]) {
      await expect(team.enrollMany(people as never)).rejects.toMatchObject({ argument: 'people' });
    }
    for (const options of [
      { pace: 5 },
      { pace: { IndexFace: 5 } },
      { pace: { IndexFaces: 0 } },
      { prune: 1 },
      { onProgres: 1 },
    ]) {
      await expect(team.enrollMany([], options as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    expect(takeAsked()).toEqual([]);
    await expect(team.enrollMany([{ userId: 'ada' }] as never)).rejects.toMatchObject({ argument: 'people' });
  });

  it('refuses a user who comes twice, for the photos of the other time would count as gone', async () => {
    const { team, vision } = await aTeam();
    const images = [fromBuffer(await vision.photo([{ person: 'ada' }]))];
    const report = await team.enrollMany([
      { userId: 'ada', images },
      { userId: 'ada', images },
    ]);
    expect(report).toMatchObject({
      associated: 1,
      failed: [{ userId: 'ada', error: { argument: 'userId' } }],
    });
  });
});

describe('enrollEach', () => {
  it('tells of each person as soon as they are done, in their order, and returns the report', async () => {
    const { team, folder } = await aTeam(THREE);
    const told: string[] = [];
    const people = team.enrollEach(fromFolder(folder));
    let next: IteratorResult<PersonEnrollment, BulkEnrollment> = await people.next();
    for (; !next.done; next = await people.next()) told.push(`${next.value.userId}: ${next.value.status}`);
    expect(told).toEqual(['Jos:e9.20:N:fa.f1:ez: enrolled', 'ada: enrolled', 'bob: enrolled']);
    expect(next.value).toMatchObject({ people: 3, associated: 4 });
  });

  it('lets those in work end when the loop is broken off, and begins with nobody else', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`user-${n}/1.jpg`, [`user-${n}`]]),
    );
    const { team, folder, takeAsked, photosByUser } = await aTeam(files);
    for await (const _person of team.enrollEach(fromFolder(folder), { concurrency: 2 })) break;
    takeAsked();
    const enrolled = await photosByUser();
    expect(enrolled.length).toBeLessThan(12);
    expect(enrolled.filter((entry) => entry.startsWith('nobody'))).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(takeAsked()).toEqual(['ListFaces']);
  });
});

describe('planEnrollment', () => {
  it('counts calls, time and price, and asks the service nothing', async () => {
    const { team, folder, takeAsked } = await aTeam({ ...THREE, 'eve/notes.txt': 'x', 'loose.jpg': ['eve'] });
    const plan = await team.planEnrollment(fromFolder(folder), {
      pace: { IndexFaces: 2, CreateUser: 5 },
      pricePerCall: 0.001,
      pricePerVector: 0.00001,
    });
    expect(plan).toMatchObject({
      people: 4,
      photos: 4,
      leftOut: [{ reason: 'NO_IMAGE_NAME' }, { reason: 'IN_NO_FOLDER' }],
      calls: { ListFaces: 1, IndexFaces: 4, CreateUser: 3, AssociateFaces: 3, SearchFaces: 1 },
      billedCalls: 8,
      vectors: 7,
      seconds: 2,
    });
    expect(plan.price).toBeCloseTo(0.008);
    expect(plan.pricePerMonth).toBeCloseTo(0.00007);
    expect(takeAsked()).toEqual([]);
  });
});
