import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { checkOptions } from '../arguments.js';
import { LocalRekognition, readBuckets } from '../local/index.js';
import { BytesInFlight } from './bytes-in-flight.js';
import { Connections } from './connections.js';
import { makeMetrics } from './metrics.js';
import { Page } from './page.js';
import { routes } from './routes.js';
import { checkHostIsSafe, SERVE, type ServeOptions } from './serve-options.js';
import { Thumbnails } from './thumbnails.js';
import { answerUnreadable } from './unreadable-request.js';

/** A server that listens. */
export interface RekognitionServer {
  /** What to give clients on this machine as their endpoint: `http://127.0.0.1:5800`. */
  readonly url: string;
  /** Every URL that it can be reached at, `url` first: one for each address of the machine where it listens on all. */
  readonly urls: readonly string[];
  /** Where the page is opened in a browser, by whoever may see the faces; with the option `ui`. */
  readonly pageUrl?: string;
  /**
   * Takes no more requests, answers those that came, and frees everything. Connections that wait for no answer end at
   * once, those whose request is still arriving after two seconds, and all after `closeTimeout`.
   */
  close(): Promise<void>;
}

/** Longer than clients keep a connection: one that is closed under them costs a retry. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Serves the local engine over HTTP, in the protocol of Amazon Rekognition (AWS JSON 1.1), to any AWS SDK in any
 * language and to the AWS CLI.
 *
 * @throws InvalidArgumentError, MissingPackageError for `metrics`, or what the system says when the port is taken or the host is not this machine's
 *
 * @example
 * const server = await serve({ port: 0 });
 * const client = new RekognitionClient({ endpoint: server.url });
 * …
 * await server.close();
 */
export async function serve(options: ServeOptions = {}): Promise<RekognitionServer> {
  const {
    port = 5800,
    host = '127.0.0.1',
    requestTimeout = 60_000,
    bytesInFlight = 256 * 1024 * 1024,
    closeTimeout = 8_000,
    allowedHosts,
    credentials,
    cors,
    log,
    metrics = false,
    ui = false,
  } = checkOptions(options, SERVE);
  checkHostIsSafe(host, credentials);

  const held = new BytesInFlight(bytesInFlight);
  const counted = metrics ? await makeMetrics(() => held.held) : undefined;
  const own = options.client ? undefined : new LocalRekognition({ readS3Object: readBuckets() });
  const client = options.client ?? own!;
  const { thumbnails: folder, report } = typeof ui === 'object' ? ui : {};
  const thumbnails = folder === undefined ? undefined : new Thumbnails(folder);
  await thumbnails?.cleanUp(client);
  const page = ui === false ? undefined : new Page({ report, thumbnails });
  const receive = routes(thumbnails?.keptOf(client) ?? client, {
    credentials,
    cors,
    log,
    metrics: counted,
    page,
    bytesInFlight: held,
    // Pages cannot sign, and who can says with it which host is meant.
    hosts: credentials && !allowedHosts ? undefined : lowerCase([host, ...(allowedHosts ?? [])]),
  });
  const server = createServer({
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 10_000),
    connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // It would be refused without an envelope.
    requireHostHeader: false,
  });
  const connections = new Connections(server, requestTimeout);
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    connections.take(request, response, receive(request, response));
  // What a client expects beyond HTTP is no reason for Node to answer out of turn.
  server.on('request', onRequest).on('checkExpectation', onRequest);
  server.on('clientError', (error, socket) =>
    connections.refuse(socket, error, () => answerUnreadable(error, socket)),
  );
  await listen(server, port, host);

  const close = async () => {
    const ended = once(server.close(), 'close');
    const stopWaiting = connections.end(closeTimeout);
    await ended;
    stopWaiting();
    await own?.close();
  };
  let closed: Promise<void> | undefined;
  const urls = urlsOf(server, host);
  return {
    url: urls[0]!,
    urls,
    ...(page && { pageUrl: page.urlAt(urls[0]!) }),
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const lowerCase = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
  // From now on it is a connection that failed, for want of file handles perhaps. The server goes on.
  server.on('error', () => {});
}

function urlsOf(server: Server, host: string): string[] {
  const { address, port } = server.address() as AddressInfo;
  const isEvery = address === '0.0.0.0' || address === '::';
  const reachable = isEvery ? addressesOfMachine(address === '::') : [host];
  return reachable.map((name) => `http://${name.includes(':') ? `[${name}]` : name}:${port}`);
}

/** Loopback first. Addresses that are good on one link only are left out. */
function addressesOfMachine(withIPv6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((each) => each.family === 'IPv4' || (withIPv6 && each.scopeid === 0))
    .sort((a, b) => Number(b.internal) - Number(a.internal))
    .map(({ address }) => address);
}
