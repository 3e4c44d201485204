import {
  FaceCollection,
  fromBuffer,
  type ImageSource,
  MissingPackageError,
  photosInFolder,
  type SearchedPhoto,
} from 'rekollect';
import { describe, expect, it } from 'vitest';
import { serviceError } from '../support/aws-answers.js';
import { anObservedTeam } from '../support/observed-team.js';
import { aFolder, photoOf } from '../support/people-folder.js';

/** A collection that knows ada, and what tells or changes how its client answers. */
async function aTeam({ inOnePass = false } = {}) {
  const { engine, vision, hooks, ...observed } = await anObservedTeam();
  const team = inOnePass ? new FaceCollection('team', { client: engine }) : observed.team;
  const photo = async (...people: string[]) =>
    fromBuffer(await photoOf(vision, people), { name: people.join(' and ') || 'nobody' });
  await team.enrollUser('ada', [await photo('ada')]);
  return { team, vision, hooks, photo };
}

const broken: ImageSource = {
  name: 'broken',
  read: async () => {
    throw new Error('The disk is on fire.');
  },
};

async function inShort(found: AsyncIterable<SearchedPhoto>) {
  const lines: string[] = [];
  for await (const { photo, ...outcome } of found)
    lines.push(
      outcome.status === 'failed'
        ? `${photo.name}: ${outcome.error.message}`
        : `${photo.name}: ${outcome.faces.map(({ status }) => status).join(' ')}`,
    );
  return lines;
}
describe('searchPhotos', () => {
  it.each([true, false])(
    'says who is in which photo, in their order (in one pass: %s)',
    async (inOnePass) => {
      const { team, photo } = await aTeam({ inOnePass });
      const ada = await photo('ada');
      const photos = [ada, broken, await photo('eve', 'ada'), await photo(), ada];
      const seen: unknown[] = [];
      const found = team.searchPhotos(photos, {
        onProgress: ({ photos, failed, faces }) => seen.push([photos, failed, faces]),
      });
      expect(await inShort(found)).toEqual([
        'ada: matched',
        'broken: The disk is on fire.',
        'eve and ada: unmatched matched',
        'nobody: ',
        'ada: matched',
      ]);
      expect(seen).toEqual([
        [1, 0, 1],
        [2, 1, 1],
        [3, 1, 3],
        [4, 1, 3],
        [5, 1, 4],
      ]);
    },
  );

  it('takes the photos of a folder, and tells what is none', async () => {
    const { team, vision } = await aTeam();
    const { folder } = await aFolder(vision, {
      'a.png': ['ada'],
      'day 2/b.png': ['eve'],
      'list.txt': 'text',
    });
    const leftOut: string[] = [];
    const photos = photosInFolder(folder, { onLeftOut: ({ reason }) => leftOut.push(reason) });
    const found = [];
    for await (const each of team.searchPhotos(photos)) found.push([each.photo.photoName, each.status]);
    expect(found).toEqual([
      ['a.png', 'searched'],
      ['day 2/b.png', 'searched'],
    ]);
    expect(leftOut).toEqual(['NO_IMAGE_NAME']);
  });

  it('never asks for many more photos than are in work, and ends the source when the loop is broken off', async () => {
    const { team, photo } = await aTeam();
    const one = await photo('ada');
    let given = 0;
    let isEnded = false;
    function* endless() {
      try {
        for (;;) {
          given += 1;
          yield one;
        }
      } finally {
        isEnded = true;
      }
    }
    let done = 0;
    for await (const _ of team.searchPhotos(endless(), { concurrency: 2 })) if (++done === 20) break;
    expect(given).toBeLessThan(20 + 2 * 5);
    expect(isEnded).toBe(true);
  });

  it('rejects with the reason when the caller gives up', async () => {
    const { team, photo, hooks } = await aTeam();
    const giveUp = new AbortController();
    const reason = new Error('enough');
    hooks.before = async () => giveUp.abort(reason);
    const found = team.searchPhotos([await photo('ada'), await photo('eve')], { signal: giveUp.signal });
    await expect(inShort(found)).rejects.toBe(reason);
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException'])(
    'ends with an %s, which every photo would meet',
    async (name) => {
      const { team, photo, hooks } = await aTeam();
      hooks.before = async () => {
        throw serviceError(name);
      };
      await expect(inShort(team.searchPhotos([await photo('ada')]))).rejects.toMatchObject({ name });
    },
  );

  it('ends with such an error of a single face, too', async () => {
    const { team, photo, hooks } = await aTeam();
    let calls = 0;
    hooks.before = async () => {
      // The first call finds the faces, the second searches the other one of them.
      if (++calls === 2) throw new MissingPackageError('@aws-sdk/client-s3', 'A crop', 'npm install it');
    };
    const found = team.searchPhotos([await photo('eve', 'ada')]);
    await expect(inShort(found)).rejects.toMatchObject({ code: 'MISSING_PACKAGE' });
  });

  it('sends again what was throttled', async () => {
    const { team, photo, hooks } = await aTeam();
    let calls = 0;
    hooks.before = async () => {
      if (++calls === 1) throw serviceError('ThrottlingException');
    };
    expect(await inShort(team.searchPhotos([await photo('ada')]))).toEqual(['ada: matched']);
  });

  it.each([undefined, null, 'party.jpg', 7, {}, new Uint8Array(3)])(
    'refuses %s in place of photos',
    async (photos) => {
      const { team } = await aTeam();
      expect(() => team.searchPhotos(photos as never)).toThrow(
        'photos must be photos, such as photosInFolder',
      );
      await expect(team.groupFaces(photos as never)).rejects.toThrow('photos must be photos');
    },
  );

  it('refuses options that it does not know, and what is no photo among photos', async () => {
    const { team } = await aTeam();
    expect(() => team.searchPhotos([], { parallel: 3 } as never)).toThrow('options.parallel');
    await expect(inShort(team.searchPhotos(['party.jpg'] as never))).rejects.toThrow(
      'each of photos must be',
    );
  });
});
