import { onCollection } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer } from '../output.js';
import { withCollection } from '../place.js';
import { nameOf } from '../user-names.js';

export const users = () =>
  onCollection('users', 'list the people of a collection', [
    'rekollect users',
    'rekollect users --json | jq -r .userId          one id a line, for a script',
  ]).action(async (options) => {
    const signal = untilInterrupted();
    await withCollection(options, {}, async (collection) => {
      for await (const user of collection.listUsers({ signal })) {
        const { userId, status } = user;
        const notes = [
          ...(nameOf(userId) === userId ? [] : [userId]),
          ...(status === undefined || status === 'ACTIVE' ? [] : [status]),
        ];
        if (!answer(options, user, [nameOf(userId), ...notes].join('\t'))) return;
      }
    });
  });
