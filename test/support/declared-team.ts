import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import type { CommandClient } from '../../src/service/client.js';
import { type DeclaredFace, declaredFaces } from '../../src/testing/declared-faces.js';

/** What happens around a call: it throws to refuse the call, or after `carryOut` to lose the answer. */
export type Intervention = (
  carryOut: () => Promise<unknown>,
  call: number,
  operation: string,
  input: unknown,
) => Promise<unknown>;

/** As alike as two photos of one person that were taken at different times. */
const UNLIKE = 0.35;

/** A collection whose engine sees declared faces, and ways to fill it, to meddle with its calls and to look into it. */
export async function aDeclaredTeam(options: LocalRekognitionOptions = {}) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision, ...options });
  const team = new FaceCollection('team', { client: engine });
  await team.create();

  /** Stores a face of this person, which belongs to nobody. @returns its id */
  const index = async (person: string, face: Omit<DeclaredFace, 'person'> = {}, externalImageId?: string) => {
    const photo = await vision.photo([{ person, unlike: UNLIKE, ...face }], { width: 160, height: 120 });
    const { faces } = await team.indexFaces(fromBuffer(photo), { externalImageId });
    return faces[0]!.faceId;
  };

  /** Makes a user of a face of each of these people. @returns the ids of the faces */
  const enroll = async (userId: string, people: readonly string[]) => {
    await team.createUser(userId);
    const faceIds: string[] = [];
    for (const person of people) faceIds.push(await index(person));
    if (faceIds.length > 0) await team.associate(userId, faceIds, { threshold: 0 });
    return faceIds;
  };

  /** Another handle on the collection, whose calls are meddled with. */
  const meddled = (intervene: Intervention) => {
    let calls = 0;
    const client: CommandClient = {
      send: (command) => {
        const operation = command.constructor.name.replace(/Command$/, '');
        return intervene(() => engine.send(command), ++calls, operation, command.input);
      },
    };
    return { collection: new FaceCollection('team', { client }), calls: () => calls };
  };

  /** Whose the faces are, by user; those of nobody under the empty name. Users without faces are there too. */
  const whose = async () => {
    const users = await team.listUsers().all();
    const owners: Record<string, string[]> = Object.fromEntries(users.map(({ userId }) => [userId, []]));
    for (const { faceId, userId = '' } of await team.listFaces().all())
      owners[userId] = [...(owners[userId] ?? []), faceId].sort();
    return owners;
  };
  return { engine, vision, team, index, enroll, meddled, whose };
}
