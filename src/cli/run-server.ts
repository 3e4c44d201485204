import { checkInstalled, enginePackages } from '../packages.js';
import type { UiOptions } from '../server/index.js';
import { untilInterrupted } from './interruption.js';
import { answer } from './output.js';
import { UsageError } from './usage-error.js';

/** What `rekollect serve` was asked to do. What was not said is left to the server's own defaults. */
export interface ServeArguments {
  port?: number | undefined;
  host?: string | undefined;
  /** Where collections are kept. */
  directory?: string | undefined;
  workers?: number | undefined;
  /** Whether to use the nets of `@vladmandic/human`. */
  human?: boolean | undefined;
  /** Folders by the names of the buckets that they stand for. */
  buckets: Record<string, string>;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Names that requests may call the server by. */
  allowedHosts?: string[];
  cors: boolean;
  /** The page, and what it shows beside the collections. */
  ui?: UiOptions;
  /** Whether Prometheus is answered. */
  metrics?: boolean | undefined;
  quiet: boolean;
  /** Whether to say in JSON where it answers. The log of its calls always is. */
  json: boolean;
}

/**
 * Serves until the first signal to stop, and answers what came by then. The second signal ends the process at once.
 *
 * @throws UsageError, MissingPackageError, and what `LocalRekognition.open` throws
 */
export async function runServer({
  buckets,
  directory,
  workers,
  human,
  credentials,
  quiet,
  json,
  port,
  host,
  ...options
}: ServeArguments): Promise<void> {
  // All that is missing is said at the start, and not when the first photo comes.
  checkInstalled('The server', [
    ['@aws-sdk/client-rekognition'],
    ...enginePackages(human === true),
    ...(directory === undefined ? [] : [['lmdb'] as const]),
    ...(options.metrics ? [['prom-client'] as const] : []),
  ]);
  // Before the greeting, after which a signal may come at once.
  const stopped = untilStopped();
  const [{ LocalRekognition, readBuckets }, { serve }] = await Promise.all([
    import('../local/index.js'),
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
        ...(port !== undefined && { port }),
        ...(host !== undefined && { host }),
        ...(credentials && { credentials }),
        ...(!quiet && { log: (call) => answer({ json: true }, call, []) }),
      });
      const checksSignatures = credentials !== undefined;
      const { urls, pageUrl } = server;
      answer({ json }, { urls, pageUrl, checksSignatures }, [
        greeting(urls, checksSignatures),
        ...(pageUrl
          ? [`Open ${pageUrl} in a browser. Whoever has this address can see and delete faces.`]
          : []),
      ]);
      await stopped;
      await server.close();
    } finally {
      await client.close();
    }
  } catch (error) {
    throw inWordsOfTheCommand(error);
  }
}

function greeting(urls: readonly string[], checksSignatures: boolean): string {
  const signatures = checksSignatures ? '' : ' and takes any signature, as no credentials were given';
  const which = urls.length > 1 ? 'one of them' : 'it';
  return `Rekollect answers at ${urls.join(', ')}${signatures}. Point clients at ${which}: AWS_ENDPOINT_URL_REKOGNITION=${urls[0]}`;
}

/** Resolves once the server is to stop. */
function untilStopped(): Promise<void> {
  const signal = untilInterrupted();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (process.env.npm_command !== undefined) whenOrphaned(resolve);
  });
}

/** npx sends SIGTERM to its shell, which ends without passing it on: the command would hold its port for ever. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
}

/** Errors of the system that the user can mend, in the terms of the command. */
function inWordsOfTheCommand(error: unknown): unknown {
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
