import { parseArgs } from 'node:util';
import { UsageError, usageErrorOf } from './usage-error.js';

/** What `rekollect serve` was asked to do. What was not said is left to the server's own defaults. */
export interface ServeArguments {
  port?: number;
  host?: string;
  /** Where collections are kept. */
  directory?: string;
  workers?: number;
  /** Whether to use the nets of `@vladmandic/human`. */
  human?: boolean;
  /** Folders by the names of the buckets that they stand for. */
  buckets: Record<string, string>;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Names that requests may call the server by. */
  allowedHosts?: string[];
  cors: boolean;
  quiet: boolean;
}

const HELP = `rekollect serve [options]

Answers AWS SDKs and the AWS CLI in the protocol of Amazon Rekognition, with face models on this machine.

      --port <number>            default 5800; 0 takes any that is free
      --host <address>           default 127.0.0.1; another than loopback needs credentials
      --allow-host <name>        a name that requests may call the server by, beside localhost; may be
                                 given again. Default with credentials: any
      --directory <path>         keeps collections there; default in memory, until the server ends
      --bucket <name>=<folder>   a folder that stands for an S3 bucket; may be given again.
                                 Other buckets are read from S3, with the settings of the environment.
      --workers <number>         threads that analyse photos; default one for each core, at most 4
      --human, --no-human        whether to use @vladmandic/human, which knows faces in profile;
                                 default: where it is installed
      --access-key-id <id>       what requests must be signed with. Better in the environment,
      --secret-access-key <key>  as REKOLLECT_ACCESS_KEY_ID and REKOLLECT_SECRET_ACCESS_KEY:
                                 other users of the machine can see arguments.
      --cors                     answer web pages too, whichever site they are from; for development
      --quiet                    no line for each call
  -h, --help
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  directory: { type: 'string' },
  bucket: { type: 'string', multiple: true },
  workers: { type: 'string' },
  human: { type: 'boolean' },
  'access-key-id': { type: 'string' },
  'secret-access-key': { type: 'string' },
  cors: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the arguments of `rekollect serve`.
 *
 * @throws UsageError
 */
export function readServeArguments(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): ServeArguments | { help: string } {
  const given = parse(args);
  if (given.help) return { help: HELP };

  const { port, host, directory, workers, 'allow-host': allowedHosts } = given;
  const accessKeyId = unlessBlank(given['access-key-id'] ?? environment.REKOLLECT_ACCESS_KEY_ID);
  const secretAccessKey = unlessBlank(given['secret-access-key'] ?? environment.REKOLLECT_SECRET_ACCESS_KEY);
  if (!accessKeyId !== !secretAccessKey)
    throw new UsageError('Give both an access key id and a secret access key, or neither.');

  return {
    ...(port !== undefined && { port: wholeNumber('port', port) }),
    ...(host !== undefined && { host }),
    ...(allowedHosts !== undefined && { allowedHosts }),
    ...(directory !== undefined && { directory }),
    ...(workers !== undefined && { workers: wholeNumber('workers', workers) }),
    ...(given.human !== undefined && { human: given.human }),
    buckets: Object.fromEntries((given.bucket ?? []).map(readBucket)),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    cors: given.cors ?? false,
    quiet: given.quiet ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, allowNegative: true })
      .values;
  } catch (error) {
    throw usageErrorOf(error, 'serve');
  }
}

/** A variable that was never filled in is no key. */
function unlessBlank(text: string | undefined): string | undefined {
  return text?.trim() === '' ? undefined : text;
}

/** How large it may be, the server knows. */
function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} must be a whole number, not "${text}".`);
  return Number(text);
}

function readBucket(text: string): [name: string, folder: string] {
  const [, name, folder] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || folder === undefined)
    throw new UsageError(`--bucket must be a name, "=" and a folder, not "${text}".`);
  return [name, folder];
}
