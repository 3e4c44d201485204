import { InvalidArgumentError, MissingPackageError } from '../errors.js';
import { FACE_API, HUMAN } from '../local/vision/runtime/models.js';
import { RUNTIME_PACKAGES } from '../local/vision/runtime/runtime.js';
import { installCommand, isInstalled } from '../packages.js';
import type { ServeArguments } from './serve-arguments.js';
import { UsageError } from './usage-error.js';

/**
 * Serves until the process is told to stop: what came by then is still answered. Told again, it stops at once.
 *
 * @param say writes a line for the user
 * @throws UsageError, MissingPackageError, and what `LocalRekognition.open` throws
 */
export async function runServer(
  { buckets, directory, workers, human, credentials, quiet, ...options }: ServeArguments,
  say: (line: string) => void,
): Promise<void> {
  checkInstalled(human);
  // Whoever read the log may have seen enough; the server goes on without.
  process.stdout.on('error', () => {});
  // Whoever reads the greeting may send a signal at once.
  const stop = toldToStop();
  const [{ LocalRekognition }, { readBuckets, serve }] = await Promise.all([
    import('../local/local-rekognition.js'),
    import('../server/index.js'),
  ]);

  try {
    const client = new LocalRekognition({
      readS3Object: readBuckets(buckets),
      ...(directory !== undefined && { directory }),
      ...(workers !== undefined && { workers }),
      ...(human !== undefined && { human }),
    });
    try {
      await client.open();
      const server = await serve({
        client,
        ...options,
        ...(credentials && { credentials }),
        ...(!quiet && { log: (call) => say(JSON.stringify(call)) }),
      });
      say(greeting(server.url, credentials !== undefined));
      await stop;
      await server.close();
    } finally {
      await client.close();
    }
  } catch (error) {
    throw inWordsOfTheCommand(error);
  }
}

function greeting(url: string, checksSignatures: boolean): string {
  const signatures = checksSignatures ? '' : ' and takes any signature, as no credentials were given';
  return `Rekollect answers at ${url}${signatures}. Point clients at it: AWS_ENDPOINT_URL_REKOGNITION=${url}`;
}

/** Resolves at the first signal to stop. The second ends the process, whatever is in flight. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    const stop = (_: NodeJS.Signals, number: number) => {
      if (told) process.exit(128 + number);
      told = true;
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    if (process.env.npm_command !== undefined) whenOrphaned(resolve);
  });
}

/** npx hands SIGTERM to its shell, which dies of it and tells nobody: the command would hold its port for ever. */
function whenOrphaned(tell: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    tell();
  }, 250);
  watch.unref();
}

/** Says all that is missing at the start, and not when the first photo comes. */
function checkInstalled(human = false): void {
  const { native, wasm } = RUNTIME_PACKAGES;
  const needed = [['@aws-sdk/client-rekognition'], [native, wasm], [FACE_API], ...(human ? [[HUMAN]] : [])];
  const missing = needed.filter((choices) => !choices.some(isInstalled));
  const [first] = missing;
  if (!first) return;
  const install = installCommand(missing.map(([choice]) => choice!));
  throw new MissingPackageError(first[0]!, 'The server', install, { alternative: first[1] });
}

function nameOptions(message: string): string {
  return message
    .replace(/^options\.allowedHosts/, '--allow-host')
    .replace(/^options\./, '--')
    .replace(/^folders\./, '--bucket ');
}

/** What somebody at a terminal can do something about, told in the terms of the command. */
function inWordsOfTheCommand(error: unknown): unknown {
  if (error instanceof InvalidArgumentError) return new UsageError(nameOptions(error.message));
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new UsageError('The port is in use. Choose another with --port, or 0 for any that is free.');
    case 'EACCES':
      return new UsageError('This user may not listen on that port. Choose one above 1023 with --port.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UsageError(`--host is no address of this machine: ${message}`);
    default:
      return error;
  }
}
