import {
  FaceCollection,
  type FaceGroups,
  fromBuffer,
  type GroupFacesOptions,
  type ImageSource,
  type SearchedPhoto,
} from 'rekollect';
import type { DeclaredFace } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';
import { serviceError } from '../support/aws-answers.js';
import { anObservedTeam } from '../support/observed-team.js';
import { photoOf } from '../support/people-folder.js';

/** An empty collection, and what tells or changes how its client answers. */
async function aTeam() {
  const { vision, ...observed } = await anObservedTeam();
  const photo = async (name: string, ...faces: (string | DeclaredFace)[]) =>
    fromBuffer(await photoOf(vision, faces), { name });
  const album = async () => [
    await photo('1', 'eve', 'joe'),
    await photo('2', 'eve', 'joe', 'ada'),
    await photo('3', 'eve'),
    await photo('4', 'sue'),
    await photo('5'),
  ];
  return { photo, album, ...observed };
}

const times = (count: number, name: string) => Array.from({ length: count }, () => name);
const namesOf = ({ groups }: FaceGroups) =>
  groups.map(({ faces }) => faces.map(({ photo }) => photo.name).sort());

describe('groupFaces', () => {
  it('reads each photo once, though it is searched for users and stored as well', async () => {
    const { team, album, photo } = await aTeam();
    await team.enrollUser('ada', [await photo('enrolled', 'ada')]);
    const reads: string[] = [];
    const counted = (await album()).map((source) => ({
      ...source,
      read: (...given: Parameters<ImageSource['read']>) => {
        reads.push(source.name);
        return source.read(...given);
      },
    }));
    const { groups } = await team.groupFaces(counted);
    expect(groups).toHaveLength(2);
    for (const { photo } of groups[0]!.faces) expect(counted).toContain(photo);
    expect(reads.sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('groups the faces of photos into people, the largest group first', async () => {
    const { team, album, asked, collections } = await aTeam();
    const found = await team.groupFaces(await album());
    expect(namesOf(found)).toEqual([
      ['1', '2', '3'],
      ['1', '2'],
    ]);
    expect(found.singles.map(({ photo }) => photo.name)).toEqual(['2', '4']);
    expect(found).toMatchObject({ ungrouped: [], failed: [], known: 0 });
    for (const { cover, faces } of found.groups) {
      expect(faces).toContain(cover);
      for (const { similarity } of faces) expect(similarity).toBeGreaterThan(90);
    }
    // One for each photo and each face; nobody is in the collection, so nobody is searched for there.
    expect(asked.slice(1).sort()).toEqual([
      'CreateCollection',
      'DeleteCollection',
      ...times(5, 'IndexFaces'),
      'ListUsers',
      ...times(7, 'SearchFaces'),
    ]);
    expect(await collections()).toEqual(['team']);
  });

  it('answers the same groups, whatever the order of the photos', async () => {
    const { team, album } = await aTeam();
    const photos = await album();
    const members = (found: FaceGroups) =>
      found.groups.map(({ cover, faces }) => [
        cover.photo.name,
        ...faces.map(({ photo, face }) => `${photo.name} ${face.boundingBox.left}`).sort(),
      ]);
    expect(members(await team.groupFaces(photos.toReversed()))).toEqual(
      members(await team.groupFaces(photos)),
    );
  });

  it('leaves out users of the collection, unless all are wanted', async () => {
    const { team, album, photo } = await aTeam();
    await team.enrollUser('eve', [await photo('portrait', 'eve')]);
    const unknown = await team.groupFaces(await album());
    expect(namesOf(unknown)).toEqual([['1', '2']]);
    expect(unknown).toMatchObject({ known: 3, singles: { length: 2 } });
    const all = await team.groupFaces(await album(), { faces: 'all' });
    expect(namesOf(all)).toEqual([
      ['1', '2', '3'],
      ['1', '2'],
    ]);
    expect(all.known).toBe(0);
  });

  it('takes what searchPhotos yields, and searches nobody again', async () => {
    const { team, album, photo, asked } = await aTeam();
    await team.enrollUser('eve', [await photo('portrait', 'eve')]);
    const outcomes: SearchedPhoto[] = [];
    for await (const outcome of team.searchPhotos(await album())) outcomes.push(outcome);
    asked.length = 0;
    const found = await team.groupFaces(outcomes);
    expect(namesOf(found)).toEqual([['1', '2']]);
    expect(found.known).toBe(3);
    expect(asked.filter((operation) => operation.endsWith('ByImage'))).toEqual([]);
    // The one of eve alone, and the one of nobody, need not be indexed.
    expect(asked.filter((operation) => operation === 'IndexFaces')).toHaveLength(3);
  });

  it('gives groups whose faces can be enrolled, and shows the best of them', async () => {
    const { team, photo } = await aTeam();
    const found = await team.groupFaces([
      await photo('blurred', { person: 'eve', sharpness: 30 }, 'joe'),
      await photo('turned', { person: 'eve', yaw: 40, sharpness: 95, unlike: 0.1 }),
      await photo('good', { person: 'eve', sharpness: 90, unlike: 0.1 }),
      await photo('far off', { person: 'eve', unlike: 0.35 }),
    ]);
    expect(found.groups).toHaveLength(1);
    expect(found.groups[0]!.cover.photo.name).toBe('good');
  });

  it('sets aside faces that are too poor, and says why', async () => {
    const { team, photo } = await aTeam();
    const found = await team.groupFaces([
      await photo('dark', { person: 'eve', brightness: 2 }),
      await photo('1', 'eve'),
    ]);
    expect(found.groups).toEqual([]);
    expect(found.ungrouped).toMatchObject([
      { status: 'poor', reason: 'LOW_BRIGHTNESS', photo: { name: 'dark' }, face: { boundingBox: {} } },
    ]);
  });

  it('takes two faces of one photo for two people, unless they are the same picture', async () => {
    const { team, photo } = await aTeam();
    const twins = await team.groupFaces([
      await photo('twins', { person: 'eve', unlike: 0.4 }, { person: 'eve', unlike: 0.4 }),
    ]);
    expect(twins).toMatchObject({ groups: [], singles: { length: 2 } });
    const collage = await team.groupFaces([
      await photo('collage', { person: 'eve', unlike: 0.01 }, { person: 'eve', unlike: 0.01 }),
    ]);
    expect(namesOf(collage)).toEqual([['collage', 'collage']]);
  });

  it('groups a photo that comes twice with itself', async () => {
    const { team, photo } = await aTeam();
    const one = await photo('1', 'eve', 'joe');
    expect(namesOf(await team.groupFaces([one, one]))).toEqual([
      ['1', '1'],
      ['1', '1'],
    ]);
  });

  it('is empty for no photos', async () => {
    const { team, collections } = await aTeam();
    const nothing = { groups: [], singles: [], ungrouped: [], known: 0, failed: [] };
    expect(await team.groupFaces([])).toEqual(nothing);
    expect(await collections()).toEqual(['team']);
  });

  it('lets one bad photo spoil no other, and tells how far it is', async () => {
    const { team, album } = await aTeam();
    const error = new Error('The disk is on fire.');
    const broken: ImageSource = { name: 'broken', read: () => Promise.reject(error) };
    const seen: unknown[] = [];
    const onProgress: GroupFacesOptions['onProgress'] = (progress) => seen.push(progress);
    const found = await team.groupFaces([broken, ...(await album())], { onProgress });
    expect(found.failed).toEqual([{ photo: broken, error }]);
    expect(found.groups).toHaveLength(2);
    expect(seen[0]).toEqual({ photos: 1, failed: 1, faces: 0, known: 0, compared: 0 });
    expect(seen.at(-1)).toEqual({ photos: 6, failed: 1, faces: 7, known: 0, compared: 7 });
  });

  it('searches again for a face that was not found at once, and what was throttled', async () => {
    const { team, album, hooks } = await aTeam();
    let searches = 0;
    hooks.before = async (operation) => {
      if (operation !== 'SearchFaces') return;
      searches += 1;
      if (searches === 1)
        throw serviceError('InvalidParameterException', 'faceId was not found in the collection.');
      if (searches === 2) throw serviceError('ThrottlingException');
    };
    expect((await team.groupFaces(await album())).groups).toHaveLength(2);
    expect(searches).toBe(9);
  });
});

describe('the collection that groupFaces works in', () => {
  it.each(['IndexFaces', 'SearchFaces'])('is deleted when %s is refused', async (refused) => {
    const { team, album, hooks, collections } = await aTeam();
    const denied = serviceError('AccessDeniedException');
    hooks.before = async (operation) => {
      if (operation === refused) throw denied;
    };
    await expect(team.groupFaces(await album())).rejects.toBe(denied);
    expect(await collections()).toEqual(['team']);
  });

  it.each(['CreateCollection', 'IndexFaces', 'SearchFaces'])(
    'is deleted when the caller gives up during %s',
    async (moment) => {
      const { team, album, hooks, collections } = await aTeam();
      const giveUp = new AbortController();
      const reason = new Error('enough');
      hooks.before = async (operation) => {
        if (operation === moment) giveUp.abort(reason);
      };
      await expect(team.groupFaces(await album(), { signal: giveUp.signal })).rejects.toBe(reason);
      expect(await collections()).toEqual(['team']);
    },
  );

  it('is deleted when the source of the photos fails', async () => {
    const { team, photo, collections } = await aTeam();
    const error = new Error('The list is torn.');
    const one = await photo('1', 'eve');
    async function* photos() {
      yield one;
      throw error;
    }
    await expect(team.groupFaces(photos())).rejects.toBe(error);
    expect(await collections()).toEqual(['team']);
  });

  it('is named where it could not be deleted', async () => {
    const { team, album, hooks, collections } = await aTeam();
    hooks.before = async (operation) => {
      if (operation === 'DeleteCollection') throw serviceError('AccessDeniedException');
    };
    const failure = await team.groupFaces(await album()).catch((error) => error);
    const [left] = (await collections()).filter((id) => id.startsWith('rekollect-group-'));
    expect(failure).toMatchObject({ code: 'INCOMPLETE', leftBehind: { possible: { collectionId: left } } });
    expect(failure.message).toContain(left);
  });

  it('is not made for arguments that make no sense', async () => {
    const { team, asked } = await aTeam();
    asked.length = 0;
    for (const options of [{ threshold: 0.9 }, { faces: 'known' }, { minimum: 3 }, { concurrency: 0 }])
      await expect(team.groupFaces([], options as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(asked).toEqual([]);
    await expect(team.groupFaces([7] as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(asked.at(-1)).toBe('DeleteCollection');
  });

  it('is not made where there is no such collection to look for users in', async () => {
    const { engine, collections } = await aTeam();
    const missing = new FaceCollection('missing', { client: engine });
    await expect(missing.groupFaces([])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await collections()).toEqual(['team']);
  });
});
