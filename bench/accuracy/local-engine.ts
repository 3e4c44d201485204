import { SearchFacesCommand, SearchUsersCommand } from '@aws-sdk/client-rekognition';
import pLimit from 'p-limit';
import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { LIMITS } from '../../src/limits.js';
import { chunks } from '../../src/service/chunks.js';
import type { MeasuredEngine } from './engine.js';
import { readPhoto } from './labelled-photos.js';

const PHOTOS_IN_FLIGHT = 4;

/** Rekollect's own engine, as anybody uses it: faces, by their ids, are indexed, made users of, and searched for. */
export function localEngine(options: LocalRekognitionOptions = {}): MeasuredEngine<string> {
  const client = new LocalRekognition(options);
  const CollectionId = 'accuracy';
  const team = new FaceCollection(CollectionId, { client });

  const searchUsers = async (users: readonly (readonly string[])[], FaceId: string) => {
    const request = { CollectionId, FaceId, UserMatchThreshold: 0, MaxUsers: LIMITS.userMatches };
    const { UserMatches = [] } = await client.send(new SearchUsersCommand(request));
    const similarities = new Float64Array(users.length);
    for (const { User, Similarity } of UserMatches) similarities[Number(User!.UserId)] = Similarity!;
    return similarities;
  };

  /** Where each face stands among all. */
  const places = new Map<string, number>();
  /** How alike each face is to all: they are compared again and again, as users of one face. */
  const rows = new Map<string, Promise<Float64Array>>();
  const searchFaces = async (FaceId: string) => {
    const request = { CollectionId, FaceId, FaceMatchThreshold: 0, MaxFaces: LIMITS.faceMatches };
    const { FaceMatches = [] } = await client.send(new SearchFacesCommand(request));
    const similarities = new Float64Array(places.size);
    for (const { Face, Similarity } of FaceMatches) similarities[places.get(Face!.FaceId!)!] = Similarity!;
    return similarities;
  };
  const rowOf = (faceId: string) => {
    const row = rows.get(faceId) ?? searchFaces(faceId);
    rows.set(faceId, row);
    return row;
  };

  return {
    name: options.human === false ? 'rekollect without @vladmandic/human' : 'rekollect',
    hasThresholds: true,
    async describe(paths) {
      await team.create();
      const limit = pLimit(PHOTOS_IN_FLIGHT);
      const index = async (path: string, i: number, tries = 5): Promise<string[]> => {
        const photo = fromBuffer(await readPhoto(path), { name: path });
        try {
          // Under a name of its own, for the same photo twice would be one face.
          const { faces } = await team.indexFaces(photo, { externalImageId: `${i}`, qualityFilter: 'NONE' });
          return faces.map(({ faceId }) => faceId);
        } catch (error) {
          // The engine gives a photo up after a minute, which passes where many other programs run.
          if (tries > 1 && (error as Error).name === 'ImageTooLargeException')
            return index(path, i, tries - 1);
          throw error;
        }
      };
      const described = await Promise.all(paths.map((path, i) => limit(() => index(path, i))));
      for (const faceId of described.flat()) places.set(faceId, places.size);
      return described;
    },
    async compare(users, faces) {
      // A user of one face is that face, of which there may be more than users in an answer.
      if (users.every(({ length }) => length === 1)) {
        const columns = users.map(([faceId]) => places.get(faceId!)!);
        return Promise.all(
          faces.map(async (faceId) => {
            const row = await rowOf(faceId);
            return Float64Array.from(columns, (column) => row[column]!);
          }),
        );
      }
      const found = faces.map(() => new Float64Array(users.length));
      let from = 0;
      for (const some of chunks(users, LIMITS.userMatches)) {
        for (const [place, faceIds] of some.entries()) {
          await team.createUser(`${place}`);
          await team.associate(`${place}`, faceIds, { threshold: 0 });
        }
        const part = await Promise.all(faces.map((faceId) => searchUsers(some, faceId)));
        for (const [i, similarities] of part.entries()) found[i]!.set(similarities, from);
        for (const place of some.keys()) await team.deleteUser(`${place}`);
        from += some.length;
      }
      return found;
    },
    close: () => client.close(),
  };
}
