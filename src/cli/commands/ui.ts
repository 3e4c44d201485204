import { command, DIRECTORY, wholeNumber } from '../command.js';
import { runServer } from './serve.js';

export const ui = () =>
  command('ui', 'a page in the browser: people, photos, enrolling, without code', [
    'rekollect ui                                     the collections of .faces',
    'rekollect ui --thumbnails .thumbnails            with a picture of each face that is enrolled from now on',
    'rekollect serve --ui --directory .faces …        with all that the server can be told',
  ])
    .option('--local <dir>', 'the directory of the collections', DIRECTORY)
    .option(
      '--thumbnails <dir>',
      'keeps a small picture of each face there, and deletes it with the face; default: none',
    )
    .option('--report <file>', 'the report of rekollect evaluate, to link to')
    .option('--port <number>', 'default: 5800; 0 takes any that is free', wholeNumber('port'))
    .option(
      '--workers <number>',
      'threads that analyse photos; default: one for each core, at most 4',
      wholeNumber('workers'),
    )
    .action(({ local, thumbnails, report, json = false, ...given }) =>
      runServer({
        ...given,
        directory: local,
        buckets: {},
        ui: { thumbnails, report },
        cors: false,
        quiet: true,
        json,
      }),
    );
