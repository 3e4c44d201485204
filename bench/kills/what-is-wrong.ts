import { groupBy } from '../../src/local/records/group-by.js';
import { Records } from '../../src/local/records/records.js';
import type { Reading } from '../../src/local/store/store.js';
import { type Answered, COLLECTION } from './enroll-for-ever.js';

/** Faces of a photo, and how many are left once one of them was deleted. */
const FACES_OF_PHOTO = [3, 2];

/** What is lost of all that was answered, what is there twice, and what was made by half: a line for each. */
export function whatIsWrong(source: Reading, answered: readonly Answered[]): string[] {
  const records = new Records(source);
  const collection = records.collection(COLLECTION);
  const faces = new Map(Array.from(records.faces(COLLECTION), (face) => [face.faceId, face]));
  const users = new Map(Array.from(records.users(COLLECTION), (user) => [user.userId, user]));
  const wrong: string[] = [];
  const claim = (holds: boolean, otherwise: string) => {
    if (!holds) wrong.push(otherwise);
  };

  for (const [what, ...ids] of answered) {
    const [first = '', second = ''] = ids;
    if (what === 'user') claim(users.has(first), `lost: user ${first}`);
    if (what === 'faces') for (const id of ids) claim(faces.has(id), `lost: face ${id}`);
    if (what === 'associated')
      claim(faces.get(second)?.userId === first, `lost: that face ${second} is of user ${first}`);
    if (what === 'disassociated')
      claim(faces.has(first) && !faces.get(first)?.userId, `lost: that face ${first} is of nobody`);
    if (what === 'deleted') claim(!faces.has(first), `lost: that face ${first} was deleted`);
  }

  claim(
    collection.faceCount === faces.size && collection.userCount === users.size,
    'halved: counts and records',
  );
  for (const [imageId, ofImage] of groupBy([...faces.values()], (face) => face.imageId))
    claim(
      FACES_OF_PHOTO.includes(ofImage.length),
      `halved: photo ${imageId}, of which ${ofImage.length} are left`,
    );
  for (const { faceId, userId } of faces.values())
    claim(
      !userId || !!users.get(userId)?.faceIds.includes(faceId),
      `halved: face ${faceId} of user ${userId}`,
    );
  for (const { userId, faceIds } of users.values())
    for (const faceId of faceIds)
      claim(faces.get(faceId)?.userId === userId, `halved: user ${userId} of face ${faceId}`);

  const owners = {
    face: [...faces.keys()],
    user: [...users.values()].flatMap(({ userId, faceIds }) => (faceIds.length > 0 ? userId : [])),
  };
  for (const owner of ['face', 'user'] as const) {
    const chunks = [...records.chunksOf(collection.contents, owner, 'front').all()];
    const found = chunks.flatMap(({ ids }) => ids).sort();
    claim(new Set(found).size === found.length, `doubled: vectors of ${owner}s`);
    claim(found.join() === owners[owner].sort().join(), `halved: ${owner}s and their vectors`);
  }
  return wrong;
}
