/*
 * Sends the built server requests that no client of good will sends, and looks whether it stays alive and well.
 *
 *     npm run build && npm run bench -- hostile [--requests 12000] [--seed 1] [--command dist/cli.js]
 *
 * Half of them go to a server that wants signatures. Fails when an answer is a 5xx, when a connection is neither
 * answered nor closed, or when a server does not answer an honest client afterwards.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DetectFacesCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { Sha256Node } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import pLimit from 'p-limit';
import {
  type BuiltServer,
  memoryOf,
  openConnection,
  rawRequest,
  startBuiltServer,
  statusesIn,
} from './server/built-server.js';

const { values } = parseArgs({
  strict: false,
  options: {
    requests: { type: 'string', default: '12000' },
    seed: { type: 'string', default: '1' },
    command: { type: 'string', default: 'dist/cli.js' },
  },
});
const CONCURRENCY = 32;
/** Longer than a request may take to arrive, after which the server itself is to close. */
const HANGS_AFTER_MS = 90_000;

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret that is long enough' };
const OPERATIONS = [
  ...[
    'ListCollections',
    'CreateCollection',
    'DescribeCollection',
    'DeleteCollection',
    'ListFaces',
    'ListUsers',
  ],
  ...[
    'CreateUser',
    'DeleteUser',
    'IndexFaces',
    'DeleteFaces',
    'SearchFaces',
    'SearchUsers',
    'AssociateFaces',
  ],
  ...['DisassociateFaces', 'DetectFaces', 'CompareFaces', 'SearchFacesByImage', 'SearchUsersByImage'],
];
const photo = await readFile(
  fileURLToPath(new URL('../node_modules/@vladmandic/face-api/demo/sample1.jpg', import.meta.url)),
);

/** Mulberry32: the same requests for the same seed. */
let state = Number(values.seed);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const upTo = (most: number) => Math.floor(random() * (most + 1));
const oneOf = <Item>(items: readonly Item[]): Item => items[upTo(items.length - 1)]!;
const bytes = (length: number) => Buffer.from(Array.from({ length }, () => upTo(255)));
const many = <Item>(most: number, make: () => Item) => Array.from({ length: upTo(most) }, make);

/** Some bytes changed, left out, doubled or put in. */
function damaged(content: Buffer): Buffer {
  let result = content;
  for (let changes = 1 + upTo(4); changes > 0; changes--) {
    const at = upTo(result.length);
    const before = result.subarray(0, at);
    const after = result.subarray(at);
    result = oneOf([
      () => Buffer.concat([before, bytes(1 + upTo(3)), after]),
      () => Buffer.concat([before, after.subarray(1 + upTo(20))]),
      () => Buffer.concat([before, bytes(1), after.subarray(1)]),
      () => Buffer.concat([before, after.subarray(0, upTo(50)), after]),
    ])();
  }
  return result;
}

function anyJson(depth = 0): unknown {
  const leaf = [
    () => null,
    () => true,
    () => upTo(1e6) - 5e5,
    () => random() * 10 ** (upTo(600) - 300),
    () => bytes(upTo(30)).toString('latin1'),
    () => 'x'.repeat(upTo(5000)),
    () => '\u0301'.repeat(upTo(3000)),
    () => oneOf(['team', '__proto__', 'constructor', '../..', 'ALL', '00000000-0000-0000-0000-000000000000']),
  ];
  const branch = [
    () => many(5, () => anyJson(depth + 1)),
    () => Object.fromEntries(many(6, () => [oneOf(NAMES), anyJson(depth + 1)])),
  ];
  return oneOf(depth < 4 ? [...leaf, ...branch, ...branch] : leaf)();
}
const NAMES = [
  ...[
    'CollectionId',
    'UserId',
    'FaceId',
    'FaceIds',
    'Image',
    'Bytes',
    'S3Object',
    'Bucket',
    'Name',
    'Version',
  ],
  ...['MaxResults', 'NextToken', 'SourceImage', 'TargetImage', 'Attributes', 'QualityFilter', 'MaxFaces'],
  ...[
    'FaceMatchThreshold',
    'SimilarityThreshold',
    'ClientRequestToken',
    'Tags',
    '__proto__',
    'constructor',
    '',
  ],
];

const image = () => {
  const content = oneOf([
    () => Buffer.concat([photo.subarray(0, 3), bytes(upTo(2000))]),
    () => photo.subarray(0, upTo(photo.length)),
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><filter id="f"/></svg>'),
    () => bytes(upTo(3000)),
    () => damaged(photo),
  ])();
  return oneOf([
    content.toString('base64'),
    content.toString('base64url'),
    content.toString('latin1'),
    content.toString('base64').slice(1),
  ]);
};

/** A request that is signed as it should be. */
async function signed(body: string, headers: Record<string, string> = {}): Promise<Record<string, string>> {
  const {
    region = 'eu-west-1',
    service = 'rekognition',
    secretAccessKey = credentials.secretAccessKey,
  } = oneOf([
    {},
    {},
    { region: oneOf(['', 'eu/west', '\u00e4']) },
    { service: 's3' },
    { secretAccessKey: 'wrong' },
  ] as Record<string, string>[]);
  const signer = new SignatureV4({
    service,
    region,
    credentials: { ...credentials, secretAccessKey },
    sha256: Sha256Node,
  });
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '',
      path: '/',
      query: {},
      headers: { host: 'localhost', ...headers },
      body,
    },
    { signingDate: new Date(Date.now() + oneOf([0, 0, 1e6, -1e6, 1e9])) },
  );
  const { host, ...rest } = request.headers;
  return rest;
}

const close = { Connection: 'close' };

/** Each makes what one connection sends. What does not end by itself is half of something. */
const KINDS: Record<string, () => Promise<Buffer> | Buffer> = {
  'heads of noise': () => Buffer.concat([bytes(upTo(500)), Buffer.from('\r\n\r\n')]),
  'damaged heads': () => damaged(rawRequest(oneOf(OPERATIONS), '{}', close)),
  'long heads': () => rawRequest('ListCollections', '{}', { ...close, 'X-Long': 'x'.repeat(upTo(40_000)) }),
  'many headers': () =>
    rawRequest('ListCollections', '{}', {
      ...close,
      ...Object.fromEntries(many(3000, () => [`X-${upTo(1e6)}`, String(upTo(9))])),
    }),
  methods: () =>
    Buffer.from(
      `${oneOf(['GET', 'PUT', 'HEAD', 'CONNECT', 'TRACE', 'OPTIONS', 'PRI', 'post', 'POST'])} ` +
        `${oneOf(['/', '*', '//', '/health', 'http://evil/', '/%00', '/..', '/?'.padEnd(5000, 'a=%ff&')])} ` +
        `HTTP/${oneOf(['1.1', '1.0', '2.0', '0.9', '1.1x'])}\r\nHost: ${oneOf(['localhost', 'evil.example', '[::1', ''])}` +
        `\r\n${oneOf(['Upgrade: websocket\r\nConnection: upgrade', 'Expect: 100-continue', 'Expect: x', 'Connection: close'])}\r\n\r\n`,
    ),
  lengths: () =>
    rawRequest('ListCollections', '{}', {
      ...close,
      'Content-Length': oneOf(['-1', '1e3', '99999999999999999999', '', '2, 2', '0x2', '3000000000', '1']),
    }),
  chunks: () =>
    Buffer.concat([
      rawRequest('ListCollections', '', {
        ...close,
        'Transfer-Encoding': oneOf(['chunked', 'gzip, chunked', 'x']),
      }),
      damaged(Buffer.from('1\r\n{\r\n1\r\n}\r\n0\r\n\r\n')),
    ]),
  'any JSON': () => rawRequest(oneOf(OPERATIONS), JSON.stringify(anyJson()), close),
  'any members': () =>
    rawRequest(
      oneOf(OPERATIONS),
      JSON.stringify(Object.fromEntries(many(8, () => [oneOf(NAMES), anyJson(1)]))),
      close,
    ),
  'damaged JSON': () =>
    rawRequest(
      oneOf(OPERATIONS),
      damaged(Buffer.from(JSON.stringify({ CollectionId: 'team', x: anyJson() }))),
      close,
    ),
  'bodies of noise': () => rawRequest(oneOf(OPERATIONS), bytes(upTo(5000)), close),
  'deep or wide JSON': () =>
    rawRequest(
      oneOf(OPERATIONS),
      oneOf(['[', '{"a":', '{"FaceIds":[0', ',0', '"\\u']).repeat(upTo(100_000)),
      close,
    ),
  images: () => rawRequest('DetectFaces', JSON.stringify({ Image: { Bytes: image() } }), close),
  'objects of buckets': () =>
    rawRequest(
      'DetectFaces',
      JSON.stringify({
        Image: {
          S3Object: {
            Bucket: oneOf(['photos', '..', '', 'constructor']),
            Name: oneOf([
              '../package.json',
              '/etc/passwd',
              'a\0b',
              'src',
              'x'.repeat(2000),
              '..\\..',
              'package.json',
            ]),
          },
        },
      }),
      close,
    ),
  signatures: async () => rawRequest('ListCollections', '{}', { ...close, ...(await signed('{}')) }),
  'damaged signatures': async () => {
    const headers = await signed('{}', { date: new Date().toUTCString() });
    const name = oneOf(['authorization', 'x-amz-date', 'x-amz-content-sha256']);
    const value = damaged(Buffer.from(headers[name]!))
      .toString('latin1')
      .replace(/[\r\n\0]/g, ' ');
    return Buffer.from(
      rawRequest('ListCollections', '{}', { ...close, ...headers, [name]: value }).toString('latin1'),
      'latin1',
    );
  },
  pipelines: () =>
    Buffer.concat([
      ...many(30, () =>
        oneOf([rawRequest('ListCollections'), rawRequest('DetectLies', 'x'), rawRequest('ListFaces', '[]')]),
      ),
      oneOf([Buffer.from('rubbish\r\n\r\n'), rawRequest('ListCollections', '{}', close), bytes(50)]),
    ]),
  'half requests': () => {
    const whole = rawRequest(oneOf(OPERATIONS), JSON.stringify({ CollectionId: 'x'.repeat(1000) }), close);
    return whole.subarray(0, upTo(whole.length));
  },
  'long bodies': () => rawRequest('CompareFaces', Buffer.alloc(upTo(18) * 2 ** 20, 0x20), close),
};
/** Each costs as much as hundreds of the others. */
const RARE: Readonly<Record<string, number>> = { 'long bodies': 0.05, images: 0.3, 'many headers': 0.3 };
/** Nothing comes back for these until the client goes away. */
const HALF = new Set([
  'half requests',
  'lengths',
  'chunks',
  'damaged heads',
  'heads of noise',
  'damaged JSON',
  'methods',
]);

interface Outcome {
  kind: string;
  statuses: number[];
  hangs: boolean;
  seconds: number;
}

async function attack({ port }: BuiltServer, kind: string, content: Buffer): Promise<Outcome> {
  const start = performance.now();
  const { socket, received, closed } = await openConnection(port);
  socket.write(content);
  // A client that hangs up in the middle, or half a request whose rest never comes.
  const patience = HALF.has(kind) ? 200 + upTo(300) : HANGS_AFTER_MS;
  const hangs = await Promise.race([closed.then(() => false), pause(patience, true, { ref: false })]);
  socket.destroy();
  return {
    kind,
    statuses: statusesIn(received()),
    hangs: hangs && !HALF.has(kind),
    seconds: (performance.now() - start) / 1000,
  };
}

const args = ['--quiet', '--bucket', 'photos=src'];
const servers = [
  await startBuiltServer(String(values.command), args),
  await startBuiltServer(String(values.command), args, {
    REKOLLECT_ACCESS_KEY_ID: credentials.accessKeyId,
    REKOLLECT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }),
];
const start = performance.now();
const limit = pLimit(CONCURRENCY);
const kinds = Object.keys(KINDS);
const outcomes = await Promise.all(
  Array.from({ length: Number(values.requests) }, (_, i) =>
    limit(async () => {
      let kind = kinds[i % kinds.length]!;
      if (random() > (RARE[kind] ?? 1)) kind = 'any members';
      return attack(servers[Math.floor(i / kinds.length) % 2]!, kind, await KINDS[kind]!());
    }),
  ),
);
const seconds = (performance.now() - start) / 1000;

console.log('| kind | connections | seconds, at most | answers, by status |\n| --- | ---: | ---: | --- |');
for (const kind of kinds) {
  const of = outcomes.filter((outcome) => outcome.kind === kind);
  const counts = new Map<number | string, number>();
  for (const status of of.flatMap(({ statuses }) => statuses))
    counts.set(status, (counts.get(status) ?? 0) + 1);
  const answers = [...counts].sort().map(([status, count]) => `${status}: ${count}`);
  const longest = Math.max(0, ...of.map(({ seconds }) => seconds));
  console.log(`| ${kind} | ${of.length} | ${longest.toFixed(1)} | ${answers.join(', ')} |`);
}

const faults = outcomes.flatMap(({ kind, statuses }) =>
  statuses.filter((status) => status >= 500).map(() => kind),
);
const hanging = outcomes.filter(({ hangs }) => hangs).map(({ kind }) => kind);
let served = 0;
const memory = [];
for (const { url, pid, signal, ended, lines } of servers) {
  const honest = new RekognitionClient({ endpoint: url, region: 'eu-west-1', credentials });
  const { FaceDetails } = await honest.send(new DetectFacesCommand({ Image: { Bytes: photo } }));
  if (FaceDetails?.length === 3) served++;
  memory.push((await memoryOf(pid)).peak);
  honest.destroy();
  signal('SIGTERM');
  if ((await ended) !== 0) served--;
  if (lines.length > 1) console.log(lines.slice(1, 10).join('\n'));
}
console.log(
  `${outcomes.length} connections in ${seconds.toFixed(0)} s. 5xx: ${faults.length} ${[...new Set(faults)]}; ` +
    `neither answered nor closed: ${hanging.length} ${[...new Set(hanging)]}; servers that then answered an honest ` +
    `client, and ended well: ${served} of 2; most memory: ${memory.map((mb) => `${mb.toFixed(0)} MB`).join(', ')}.`,
);
if (faults.length > 0 || hanging.length > 0 || served < 2) process.exitCode = 1;
