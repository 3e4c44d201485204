import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteFacesCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
} from '@aws-sdk/client-rekognition';
import type { LocalRekognition } from '../../src/local/local-rekognition.js';
import type { DeclaredFace } from '../../src/testing/declared-faces.js';

export const COLLECTION = 'team';

/** Who is in the photo that everybody is enrolled from. */
export const PEOPLE: readonly DeclaredFace[] = [{ person: 'a' }, { person: 'b' }, { person: 'c' }];

/** What was done to whom, once it was answered. */
export type Answered =
  | readonly ['user', userId: string]
  | readonly ['faces', ...faceIds: string[]]
  | readonly ['associated', userId: string, ...faceIds: string[]]
  | readonly ['disassociated' | 'deleted', faceId: string];

/**
 * Enrolls three people at a time, each with two of the three faces of a photo, until something fails: a face is taken
 * from its user again, another one deleted.
 *
 * @param photo of these people, as PNG
 * @param run makes the users different from those of other runs
 * @param tell is told of each change that was answered
 */
export async function enrollForEver(
  client: Pick<LocalRekognition, 'send'>,
  photo: Uint8Array,
  run: string,
  tell: (answered: Answered) => void,
): Promise<never> {
  const CollectionId = COLLECTION;
  // The run before made it.
  await client.send(new CreateCollectionCommand({ CollectionId })).catch(() => {});

  const enroll = async (UserId: string) => {
    await client.send(new CreateUserCommand({ CollectionId, UserId }));
    tell(['user', UserId]);
    // What follows a picture's end makes it another image, of the same faces.
    const Bytes = Buffer.concat([photo, Buffer.from(UserId)]);
    const { FaceRecords = [] } = await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes } }));
    const [first = '', second = '', third = ''] = FaceRecords.map(({ Face }) => Face?.FaceId ?? '');
    tell(['faces', first, second]);
    const association = { CollectionId, UserId, FaceIds: [first, second], ClientRequestToken: UserId };
    await client.send(new AssociateFacesCommand(association));
    tell(['associated', UserId, first]);
    await client.send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds: [second] }));
    tell(['disassociated', second]);
    await client.send(new DeleteFacesCommand({ CollectionId, FaceIds: [third] }));
    tell(['deleted', third]);
  };
  for (let n = 0; ; n += 3) await Promise.all([n, n + 1, n + 2].map((i) => enroll(`${run}-${i}`)));
}
