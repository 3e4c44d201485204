import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { type DeclaredFace, declaredFaces } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';

/** A collection that sees declared faces, what it was asked, and photos by the names of who is on them. */
async function aTeam() {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const asked: string[] = [];
  const send: LocalRekognition['send'] = (command, options) => {
    asked.push(command.constructor.name);
    return engine.send(command, options);
  };
  const team = new FaceCollection('team', { client: { send } });
  await team.create();
  const photoOf = async (name: string, faces: DeclaredFace[] = [{ person: name }]) =>
    fromBuffer(await vision.photo(faces), { name });
  const photosOf = (...names: string[]) => Promise.all(names.map((name) => photoOf(name)));
  const searches = () => asked.filter((name) => name.startsWith('Search')).length;
  return { team, photoOf, photosOf, searches };
}

describe('photos of a new user among which somebody else strayed', () => {
  it.each([
    ['first', ['bob', 'ada', 'ada', 'ada'], 2],
    ['last', ['ada', 'ada', 'ada', 'bob'], 1],
    ['between', ['ada', 'bob', 'ada', 'eve', 'ada'], 1],
  ])('make the user without the stray, which is reported: %s', async (_, names, searches) => {
    const { team, photosOf, searches: searched } = await aTeam();
    const ada = await team.enrollUser('ada', await photosOf(...names));
    expect(ada.images.map(({ status }) => status)).toEqual(
      names.map((name) => (name === 'ada' ? 'associated' : 'rejected')),
    );
    expect(ada.rejected[0]).toMatchObject({ image: { name: 'bob' }, reason: 'LOW_MATCH_CONFIDENCE' });
    expect(ada.rejected[0]!.rejectedFaces[0]!.similarity).toBeLessThan(75);
    expect(searched()).toBe(searches);
    // The face of the stray is gone, and nobody finds bob as ada.
    const [bob] = await photosOf('bob');
    expect(await team.searchUsers(bob!, { threshold: 50 })).toMatchObject({ status: 'unmatched' });
    expect(await team.listFaces().all()).toHaveLength(3);
  });

  it('are of the person on the first of them, where the most are not alike', async () => {
    const { team, photosOf } = await aTeam();
    const ada = await team.enrollUser('ada', await photosOf('ada', 'bob'));
    expect(ada.associated.map(({ image }) => image.name)).toEqual(['ada']);
    expect(ada.rejected.map(({ image }) => image.name)).toEqual(['bob']);
  });

  it('are not told apart in a band that one user stands for', async () => {
    const { team, photoOf, searches } = await aTeam();
    const band = await photoOf('band', [{ person: 'ada' }, { person: 'bob' }]);
    const { associated } = await team.enrollUser('band', [band], { severalFaces: 'all' });
    expect(associated).toHaveLength(2);
    expect(searches()).toBe(0);
  });

  it('cost no search for one photo, nor for a user that is there', async () => {
    const { team, photosOf, searches } = await aTeam();
    await team.enrollUser('ada', await photosOf('ada'));
    const more = await team.enrollUser('ada', await photosOf('ada', 'bob'));
    expect(more.rejected).toMatchObject([{ reason: 'LOW_MATCH_CONFIDENCE' }]);
    expect(searches()).toBe(0);
  });
});

describe('somebody who is enrolled as somebody else', () => {
  it('is named with one search when it is asked for', async () => {
    const { team, photosOf, searches } = await aTeam();
    await team.enrollUser('ada', await photosOf('ada'));
    await team.enrollUser('bob', await photosOf('bob'));
    const countess = await team.enrollUser('countess', await photosOf('ada'), { duplicateThreshold: 90 });
    expect(countess.duplicateOf).toMatchObject({ userId: 'ada' });
    expect(countess.duplicateOf!.similarity).toBeGreaterThan(90);
    expect(countess.associated).toHaveLength(1);
    expect(searches()).toBe(1);
  });

  it('is told of a user that was enrolled before, too, and is never the user itself', async () => {
    const { team, photosOf } = await aTeam();
    const photos = await photosOf('ada');
    await team.enrollUser('ada', photos);
    expect(await team.enrollUser('ada', photos, { duplicateThreshold: 90 })).not.toHaveProperty(
      'duplicateOf',
    );
    await team.enrollUser('countess', await photosOf('ada'));
    const again = await team.enrollUser('ada', photos, { duplicateThreshold: 90 });
    expect(again.duplicateOf).toMatchObject({ userId: 'countess' });
  });
});
