import { createInterface } from 'node:readline/promises';
import type { FaceCollection } from '../../index.js';
import { collect, onCollection } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted } from '../output.js';
import { withCollection } from '../place.js';
import { UsageError } from '../usage-error.js';
import { nameOf, userIdOf } from '../user-names.js';

export const forget = () =>
  onCollection('forget', 'delete a person with all their faces, or single faces', [
    'rekollect forget ada',
    'rekollect forget ada --yes --json > receipt.json           in a script',
    'rekollect forget --face 7d1b8bd1-5f5c-4a4f-8d3c-7f0f3f5f3b1a',
  ])
    .argument('[user]', 'whom to forget: as rekollect users names them', userIdOf)
    .option('--face <id>', 'a face to delete instead, even of a user; may be given again', collect(String))
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .action(async (userId, options) => {
      const { face: faceIds } = options;
      if ((userId === undefined) === (faceIds === undefined))
        throw new UsageError('Give a user or --face. Run rekollect forget --help.');
      const signal = untilInterrupted();
      const whom =
        userId === undefined
          ? counted(faceIds?.length ?? 0, 'face')
          : `${nameOf(userId)} and all their faces`;
      await withCollection(options, {}, async (collection) => {
        if (!options.yes) await confirm(`Delete ${whom} from the collection ${options.collection}?`, signal);
        const isDone =
          userId === undefined
            ? await forgetFaces(collection, faceIds ?? [], options, signal)
            : await forgetUser(collection, userId, options, signal);
        if (!isDone) process.exitCode = 3;
      });
    });

async function forgetUser(
  collection: FaceCollection,
  userId: string,
  options: { json?: true | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  const { collectionId } = collection;
  const erasure = await collection.eraseUser(userId, { signal });
  const { userDeleted, deletedFaceIds } = erasure;
  const isFound = userDeleted || deletedFaceIds.length > 0;
  const text = isFound
    ? `Deleted ${nameOf(userId)} and ${counted(deletedFaceIds.length, 'face')} from the collection ${collectionId}.`
    : `There is no ${nameOf(userId)} in the collection ${collectionId}. Nothing was deleted.`;
  answer(options, { collectionId, userId, ...erasure, erasedAt: new Date() }, text);
  return isFound;
}

async function forgetFaces(
  collection: FaceCollection,
  faceIds: readonly string[],
  options: { json?: true | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  const { collectionId } = collection;
  const deletion = await collection.deleteFaces(faceIds, { evenIfAssociated: true, signal });
  const { deleted, rejected } = deletion;
  answer(options, { collectionId, ...deletion, erasedAt: new Date() }, [
    `Deleted ${counted(deleted.length, 'face')} from the collection ${collectionId}.`,
    ...rejected.map(({ faceId, reason }) => `Not ${faceId}: ${reason}`),
  ]);
  return rejected.length === 0;
}

/** @throws UsageError when there is nobody to ask, or who was asked does not want it */
async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('There is no terminal to ask on. Give --yes to delete.');
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Readline takes Ctrl-C for itself.
    asked.on('SIGINT', () => process.emit('SIGINT', 'SIGINT'));
    const reply = await asked.question(`${question} [y/N] `, { signal }).catch((error) => {
      throw signal.aborted ? signal.reason : error;
    });
    if (!/^y(es)?$/i.test(reply.trim())) throw new UsageError('Nothing was deleted.');
  } finally {
    asked.close();
  }
}
