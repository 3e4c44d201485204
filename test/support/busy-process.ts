/*
 * Enrolls people into a directory until it is killed, and says on standard output what was answered. Its argument is
 * the directory, and a name that makes its users different from those of other runs.
 */
import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteFacesCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
} from '@aws-sdk/client-rekognition';
import { LocalRekognition } from '../../src/local/index.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';

const [directory = '', run = ''] = process.argv.slice(2);
const CollectionId = 'team';

async function work(): Promise<void> {
  const vision = declaredFaces();
  const client = new LocalRekognition({ directory, vision });
  const Image = { Bytes: await vision.photo([{ person: 'a' }, { person: 'b' }, { person: 'c' }]) };
  await client.send(new CreateCollectionCommand({ CollectionId })).catch(() => {});
  const tell = (...answered: unknown[]) => process.stdout.write(`${JSON.stringify(answered)}\n`);

  const enroll = async (UserId: string) => {
    await client.send(new CreateUserCommand({ CollectionId, UserId }));
    tell('user', UserId);
    const { FaceRecords } = await client.send(new IndexFacesCommand({ CollectionId, Image }));
    const [first, second, third] = FaceRecords!.map(({ Face }) => Face!.FaceId!);
    tell('faces', first, second);
    const FaceIds = [first!, second!];
    await client.send(
      new AssociateFacesCommand({ CollectionId, UserId, FaceIds, ClientRequestToken: UserId }),
    );
    tell('associated', UserId, first, second);
    await client.send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds: [second!] }));
    tell('disassociated', second);
    await client.send(new DeleteFacesCommand({ CollectionId, FaceIds: [third!] }));
    tell('deleted', third);
  };

  for (let n = 0; ; n += 3) await Promise.all([n, n + 1, n + 2].map((i) => enroll(`${run}-${i}`)));
}

void work();
