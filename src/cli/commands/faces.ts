import { onCollection } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer } from '../output.js';
import { withCollection } from '../place.js';
import { nameOf, userIdOf } from '../user-names.js';

export const faces = () =>
  onCollection('faces', 'list the faces of a collection: id, user, photo', [
    'rekollect faces',
    'rekollect faces --user ada',
    'rekollect faces --json | jq -r "select(.userId == null).faceId"     those of nobody',
  ])
    .option('--user <user>', 'only the faces of this user', userIdOf)
    .action(async (options) => {
      const signal = untilInterrupted();
      await withCollection(options, {}, async (collection) => {
        const listing = collection.listFaces({ userId: options.user, signal });
        for await (const face of listing) {
          const { faceId, userId, photoName = '' } = face;
          const user = userId === undefined ? '' : nameOf(userId);
          if (!answer(options, face, [faceId, user, photoName].join('\t').trimEnd())) return;
        }
      });
    });
