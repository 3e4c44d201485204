import { collect, command, wholeNumber } from '../command.js';
import type { ServeArguments } from '../run-server.js';
import { UsageError } from '../usage-error.js';

/** @param run what serves; tests look at what it would be given */
export const serve = (
  run: (given: ServeArguments) => Promise<void> = runServer,
  environment: NodeJS.ProcessEnv = process.env,
) =>
  command('serve', 'answer AWS SDKs and the AWS CLI with the local engine, over HTTP', [
    'rekollect serve                                     in memory, until it ends',
    'rekollect serve --directory .faces --bucket photos=./photos',
    'REKOLLECT_ACCESS_KEY_ID=… REKOLLECT_SECRET_ACCESS_KEY=… rekollect serve --host 0.0.0.0',
  ])
    .option('--port <number>', 'default: 5800; 0 takes any that is free', wholeNumber('port'))
    .option('--host <address>', 'default: 127.0.0.1; another than loopback needs credentials')
    .option(
      '--allow-host <name>',
      'a name that requests may call the server by, beside localhost; may be given again. Default with credentials: any',
      collect(String),
    )
    .option('--directory <path>', 'keeps collections there; default: in memory')
    .option(
      '--bucket <name=folder>',
      'a folder that stands for an S3 bucket; may be given again. Other buckets are read from S3, with the settings of the environment',
      collect(readBucket),
    )
    .option(
      '--workers <number>',
      'threads that analyse photos; default: one for each core, at most 4',
      wholeNumber('workers'),
    )
    .option('--human', 'use @vladmandic/human, which knows faces in profile; default: where it is installed')
    .option('--no-human', 'do without it')
    .option(
      '--access-key-id <id>',
      'what requests must be signed with. Better in the environment, as REKOLLECT_ACCESS_KEY_ID: other users of the machine can see arguments',
    )
    .option('--secret-access-key <key>', 'better as REKOLLECT_SECRET_ACCESS_KEY')
    .option('--ui', 'a page too, on which people look at collections, enroll and try photos')
    .option(
      '--thumbnails <dir>',
      'with --ui: keeps a small picture of each face there, and deletes it with the face',
    )
    .option('--report <file>', 'with --ui: the report of rekollect evaluate, to link to')
    .option('--cors', 'answer web pages too, whichever site they are from; for development')
    .option('--metrics', 'answer GET /metrics to Prometheus; needs the package prom-client')
    .option('--quiet', 'no line for each call')
    .action(async (options) => {
      const { bucket, allowHost, accessKeyId, secretAccessKey, ui, thumbnails, report, json, ...given } =
        options;
      const { cors = false, quiet = false, ...settings } = given;
      const id = unlessBlank(accessKeyId ?? environment.REKOLLECT_ACCESS_KEY_ID);
      const secret = unlessBlank(secretAccessKey ?? environment.REKOLLECT_SECRET_ACCESS_KEY);
      if (!id !== !secret)
        throw new UsageError('Give both an access key id and a secret access key, or neither.');
      if (!ui && (thumbnails ?? report) !== undefined)
        throw new UsageError('--thumbnails and --report are for the page. Give --ui, too.');
      await run({
        ...settings,
        ...(ui && { ui: { thumbnails, report } }),
        ...(allowHost && { allowedHosts: allowHost }),
        buckets: Object.fromEntries(bucket ?? []),
        ...(id && secret && { credentials: { accessKeyId: id, secretAccessKey: secret } }),
        cors,
        quiet,
        json: json ?? false,
      });
    });

/** The engine takes longer to load than help does to print. */
export async function runServer(given: ServeArguments): Promise<void> {
  const { runServer } = await import('../run-server.js');
  await runServer(given);
}

/** A variable that was never filled in is no key. */
function unlessBlank(text: string | undefined): string | undefined {
  return text?.trim() === '' ? undefined : text;
}

function readBucket(text: string): readonly [name: string, folder: string] {
  const [, name, folder] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || folder === undefined)
    throw new UsageError(`--bucket must be a name, "=" and a folder, not "${text}".`);
  return [name, folder];
}
