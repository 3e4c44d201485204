import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalRekognition } from 'rekollect/local';
import { type RekognitionServer, serve } from 'rekollect/server';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { COMMAND, onTerminal, printed, rekollect } from '../support/built-command.js';
import { startS3 } from '../support/s3-server.js';
import { samplePath } from '../support/sample-photos.js';

/** The women of the first sample, as ratios of it: their faces and some hair. */
const WOMEN = {
  bella: { left: 0.16, top: 0.2 },
  carmen: { left: 0.36, top: 0.24 },
  wilma: { left: 0.71, top: 0.07 },
};
/** Those of the third one, of whom only Wilma stands in the first, too. */
const OTHERS = {
  one: { left: 0.25, top: 0.13 },
  wilma: { left: 0.5, top: 0.03 },
  another: { left: 0.72, top: 0.11 },
};
const SIDE = 0.22;

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

let home: string;
let people: string;
/** Where the three are enrolled: in a directory, and at a server, which has loaded the models once for all commands. */
let store: readonly string[];
let served: readonly string[];
let engine: LocalRekognition;
let server: RekognitionServer;
let firstEnrolment: string;

/** Runs the command to its end. */
async function ran(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const run = rekollect(args, env);
  const code = await run.ended;
  const { stdout, stderr } = run;
  return {
    code,
    stdout,
    stderr,
    json: () =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rekollect-line-'));
  people = join(home, 'people');
  await cutOut(samplePath(1), WOMEN, people);
  store = ['--local', join(home, 'faces')];
  firstEnrolment = (await promisify(execFile)(COMMAND[0]!, [COMMAND[1]!, 'enroll', people, ...store])).stdout;
  const [, directory] = await copyOfStore();
  engine = new LocalRekognition({ directory });
  server = await serve({ client: engine, port: 0 });
  served = ['--endpoint', server.url];
});

afterAll(async () => {
  await server.close();
  await engine.close();
  await rm(home, { recursive: true });
});

/** Makes a folder of people, with one picture each, of those of a photo. */
async function cutOut(
  path: string,
  places: Readonly<Record<string, { left: number; top: number }>>,
  into: string,
): Promise<void> {
  const photo = sharp(path);
  const { width, height } = await photo.metadata();
  for (const [name, { left, top }] of Object.entries(places)) {
    await mkdir(join(into, name), { recursive: true });
    const box = { left: Math.round(left * width), top: Math.round(top * height) };
    const size = { width: Math.round(SIDE * width), height: Math.round(SIDE * 1.6 * height) };
    await photo
      .clone()
      .extract({ ...box, ...size })
      .toFile(join(into, name, '1.jpg'));
  }
}

/** A copy of the store, which a test may change. */
async function copyOfStore(): Promise<string[]> {
  const copy = join(await mkdtemp(join(home, 'copy-')), 'faces');
  await cp(store[1]!, copy, { recursive: true });
  return ['--local', copy];
}

describe('rekollect enroll', () => {
  it('says what became of each person, and of all', () => {
    expect(firstEnrolment.split('\n').slice(0, 4)).toEqual([
      'bella: 1 of 1 photo',
      'carmen: 1 of 1 photo',
      'wilma: 1 of 1 photo',
      '3 people, 3 photos: 3 new, 0 known before, 0 of no use',
    ]);
    expect(firstEnrolment).toContain('  bella has one usable photo. Add some');
  });

  it('answers one document for scripts, and sends nothing twice', async () => {
    const { code, stderr, json } = await ran(['enroll', people, ...served, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(json()).toEqual([expect.objectContaining({ people: 3, photos: 3, known: 3, rejected: [] })]);
  });

  it('counts beforehand what it would take', async () => {
    const plan = await ran(['enroll', people, '--plan', '--local', join(home, 'nowhere')]);
    expect(plan.stdout).toBe('3 people, 3 photos: 6 billed calls, 6 vectors to keep\n');
    expect(await readdir(home)).not.toContain('nowhere');
  });

  it.skipIf(process.platform === 'win32')('reports what was done when Ctrl-C ends it', async () => {
    const many = join(home, 'many');
    for (let n = 1; n <= 12; n++)
      await cp(join(people, 'bella'), join(many, `bella-${n}`), { recursive: true });
    const run = rekollect(['enroll', many, '--local', join(home, 'many-faces'), '--concurrency', '1']);
    await printed(run, 'bella-1:');
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    const done = run.stdout.match(/^bella-\d+: 1 of 1 photo/gm)!.length;
    expect(done).toBeLessThan(12);
    expect(run.stdout).toMatch(new RegExp(`^${done} (person|people), ${done} photos?: ${done} new`, 'm'));
    expect(run.stderr).toBe('rekollect: Stopped by SIGINT.\n');
  });
});

describe('rekollect search', () => {
  it('names whom it knows, and writes the names on a picture beside the photo', async () => {
    const album = join(home, 'album');
    await mkdir(album);
    await cp(samplePath(3), join(album, 'party.jpg'));
    const { code, stdout, stderr } = await ran(['search', album, ...store, '--annotate', album]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /: unknown\n.*party\.jpg: wilma \d+\.\d %\n.*: unknown\n.*: see .*party\.annotated\.jpg\n$/,
    );
    expect(await readFile(join(album, 'party.jpg'))).toEqual(await readFile(samplePath(3)));
    expect((await sharp(join(album, 'party.annotated.jpg')).metadata()).format).toBe('jpeg');
  });

  it('answers a line for each photo, and goes on after one that is none', async () => {
    // Of too long a name for a user's id, which is no matter here.
    const folder = join(home, 'notes', 'é'.repeat(60));
    const none = join(folder, 'notes.jpg');
    await mkdir(folder, { recursive: true });
    await writeFile(none, 'no image');
    const { code, stderr, json } = await ran([
      ...['search', join(home, 'notes'), samplePath(1), '--json'],
      ...served,
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error).toEqual({
      code: 'UNREADABLE_IMAGE',
      message: expect.stringContaining(none),
    });
    const [{ photo, faces }, ...others] = json();
    expect([photo, others]).toEqual([samplePath(1), []]);
    const named = faces.map((face: { matches: { userId: string }[] }) => face.matches[0]!.userId);
    expect(named.sort()).toEqual(['bella', 'carmen', 'wilma']);
  });

  it('refuses thresholds that make no sense, in words of the command', async () => {
    const { code, stderr } = await ran(['search', samplePath(2), ...store, '--threshold', '101', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error).toEqual({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^--threshold must be .*, not 101\.$/),
    });
  });

  it.skipIf(process.platform === 'win32')('ends at Ctrl-C, whatever it waits for', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const run = rekollect(['users', '--endpoint', endpoint, '--json']);
    const [socket] = await Promise.race([
      once(silent, 'connection'),
      run.ended.then(() => Promise.reject(new Error(run.stderr))),
    ]);
    onTestFinished(() => void socket.destroy());
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(JSON.parse(run.stderr).error.code).toBe('INTERRUPTED');
  });
});

describe('rekollect users, faces and forget', () => {
  it('list, as text and as a line of JSON for each', async () => {
    const users = await ran(['users', ...store]);
    expect(users.stdout.trimEnd().split('\n').sort()).toEqual(['bella', 'carmen', 'wilma']);
    const faces = await ran(['faces', '--user', 'carmen', '--json', ...store]);
    expect(faces.json()).toEqual([expect.objectContaining({ userId: 'carmen', photoName: '1.jpg' })]);
  });

  it('are silent when nobody reads on', async () => {
    const run = rekollect(['faces', ...store]);
    run.child.stdout.destroy();
    expect([await run.ended, run.stderr]).toEqual([0, '']);
  });

  it('delete nobody without being told twice', async () => {
    const { code, stderr } = await ran(['forget', 'wilma', ...store]);
    expect([code, stderr]).toEqual([2, 'rekollect: There is no terminal to ask on. Give --yes to delete.\n']);
  });

  it('give a receipt, and say when there is nobody to forget', async () => {
    const copy = await copyOfStore();
    const { code, json } = await ran(['forget', 'wilma', '--yes', '--json', ...copy]);
    expect([code, json()]).toEqual([
      0,
      [expect.objectContaining({ userId: 'wilma', userDeleted: true, deletedFaceIds: [expect.any(String)] })],
    ]);
    const again = await ran(['forget', 'wilma', '--yes', ...copy]);
    expect([again.code, again.stdout]).toEqual([
      3,
      'There is no wilma in the collection people. Nothing was deleted.\n',
    ]);
  });
});

describe('rekollect group', () => {
  const samples = [samplePath(1), samplePath(3)];

  it('finds who is in several photos, and writes a folder that can be enrolled', async () => {
    const [unnamed, there] = [join(home, 'unnamed'), [...served, '--collection', 'groups']];
    const grouped = await ran(['group', ...samples, '--out', unnamed, ...there, '--json']);
    expect([grouped.code, grouped.stderr]).toEqual([0, '']);
    expect(grouped.json()).toEqual([
      expect.objectContaining({ name: 'person-1', faces: 2, photos: expect.arrayContaining(samples) }),
      { groups: 1, singles: 4, ungrouped: 0, known: 0, failed: 0 },
    ]);
    expect((await readdir(join(unnamed, 'person-1'))).sort()).toEqual([
      'sample1.face.jpg',
      'sample3.face.jpg',
    ]);

    await ran(['enroll', unnamed, '--several-faces', 'largest', ...there]);
    const again = await ran(['group', ...samples, ...there]);
    expect([again.code, again.stdout]).toEqual([
      3,
      '0 people, 4 seen once, 0 faces too poor, 2 faces of users\n',
    ]);
  });
});

describe('rekollect evaluate', () => {
  let probes: string;
  beforeAll(async () => {
    probes = join(home, 'probes');
    await cutOut(samplePath(3), OTHERS, probes);
  });

  it('says how well people are told apart, and writes a page about it', async () => {
    const report = join(home, 'report.html');
    const { code, stdout, stderr } = await ran([
      ...['evaluate', probes, '--report', report, '--pictures'],
      ...served,
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 photos of 1 user and 2 strangers\nthreshold\tnamed rightly\t/);
    expect(stdout).toMatch(/^90, by users\t100\.0 % \(5\.0 to 100\.0\)\t0\.0 % .*\t0\.0 % /m);
    expect(stdout.endsWith(`\nSee ${report}\n`)).toBe(true);
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>.*<svg.*data:image\/jpeg/is);
  });

  it('answers all that it measured as one document, and counts beforehand what it would take', async () => {
    const { code, json } = await ran(['evaluate', people, '--json', ...served]);
    const enrolled = { photos: 3, people: 3, strangers: 0, enrolled: 3 };
    expect([code, json()]).toEqual([0, [expect.objectContaining({ probes: enrolled })]]);
    const plan = await ran(['evaluate', probes, '--plan', ...served]);
    expect([plan.code, plan.stdout]).toEqual([0, '3 photos: 6 billed calls\n']);
  });

  it('has no use for pictures without a page', async () => {
    const { code, stderr } = await ran(['evaluate', probes, '--pictures', ...store]);
    expect([code, stderr]).toEqual([2, 'rekollect: --pictures is for a report. Give --report too.\n']);
  });
});

describe('rekollect, with photos in S3,', () => {
  it('enrolls people, searches, and finds who is enrolled twice', async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.stop());
    await cutOut(samplePath(3), { 'Wilma Núñez': OTHERS.wilma }, join(home, 'twice'));
    await s3.put('staff/wilma/1.jpg', await readFile(join(people, 'wilma', '1.jpg')));
    await s3.put('staff/Wilma Núñez/3.jpg', await readFile(join(home, 'twice', 'Wilma Núñez', '1.jpg')));
    await s3.put('staff/notes.txt', 'Wilma likes the sea.');
    await s3.put('parties/Bei der Feier.jpg', await readFile(samplePath(1)));
    const [env, local] = [s3.environment, ['--local', join(home, 'from-s3')]];

    const enrolled = await ran(['enroll', 's3://people/staff', ...local], env);
    expect([enrolled.code, enrolled.stderr]).toEqual([0, '']);
    expect(enrolled.stdout).toMatch(/^wilma: 1 of 1 photo$/m);
    expect(enrolled.stdout).toMatch(/^Wilma Núñez: 1 of 1 photo$/m);
    expect(enrolled.stdout).toMatch(/notes\.txt/);

    const photos = ['s3://people/nobody.jpg', 's3://people/parties/'];
    const found = await ran(['search', ...photos, '--json', '--unique', ...local], env);
    const [{ photo, faces }, ...others] = found.json();
    expect([found.code, photo, others]).toEqual([1, 's3://people/parties/Bei der Feier.jpg', []]);
    const statuses = faces.map(({ status }: { status: string }) => status);
    expect(statuses.sort()).toEqual(['matched', 'unmatched', 'unmatched']);
    expect(JSON.parse(found.stderr).error.message).toContain('s3://people/nobody.jpg');

    const audited = await ran(['audit', ...local]);
    expect(audited.code).toBe(0);
    expect(audited.stdout).toMatch(/^DUPLICATE_USERS: .*wilma/m);
    expect(audited.stdout).toMatch(/^2 users, 2 faces: 3 findings to look at$/m);
    const [{ findings }] = (await ran(['audit', '--json', '--duplicate-threshold', '100', ...local])).json();
    expect(findings.map(({ kind }: { kind: string }) => kind)).toEqual(['TOO_FEW_FACES', 'TOO_FEW_FACES']);
  });
});

describe('rekollect compare, redact, export and import', () => {
  it('tell how alike two photos are', async () => {
    const { code, stdout } = await ran(['compare', join(people, 'bella', '1.jpg'), samplePath(1)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The face of .*1\.jpg is in .*sample1\.jpg: (100|9\d)\.\d % alike; 2 other faces not\n$/,
    );
  });

  it('cover faces, and leave the photo as it is', async () => {
    const out = join(home, 'covered');
    const { code, json } = await ran([
      'redact',
      samplePath(1),
      '--keep',
      'bella',
      '--out',
      out,
      '--json',
      ...served,
    ]);
    const redacted = join(out, 'sample1.redacted.jpg');
    expect([code, json()]).toEqual([0, [{ photo: samplePath(1), faces: 3, redacted }]]);
    const sharpnessOf = async (name: keyof typeof WOMEN, file: string) => {
      const { width, height } = await sharp(file).metadata();
      const { left, top } = WOMEN[name];
      const box = { left: Math.round((left + 0.08) * width), top: Math.round((top + 0.12) * height) };
      const part = sharp(file).extract({
        ...box,
        width: Math.round(0.06 * width),
        height: Math.round(0.1 * height),
      });
      // Statistics are of what was read, whatever is to be done to it.
      return (await sharp(await part.toBuffer()).stats()).sharpness;
    };
    // What is covered is smooth; a face that was kept is as it was.
    expect(await sharpnessOf('wilma', redacted)).toBeLessThan(
      (await sharpnessOf('wilma', samplePath(1))) / 2,
    );
    expect(await sharpnessOf('bella', redacted)).toBeGreaterThan(
      (await sharpnessOf('bella', samplePath(1))) / 2,
    );
  });

  it('carry a collection elsewhere', async () => {
    const file = join(home, 'people.rekollect');
    const exported = await ran(['export', file, ...store]);
    expect([exported.code, exported.stdout]).toEqual([0, expect.stringContaining(`to ${file}, `)]);
    const taken = await ran(['export', file, ...store]);
    expect([taken.code, taken.stderr]).toEqual([
      2,
      `rekollect: ${file} exists already. Name another, or move it away.\n`,
    ]);
    const elsewhere = ['--local', join(home, 'elsewhere')];
    const imported = await ran(['import', file, '--collection', 'copy', '--json', ...elsewhere]);
    expect(imported.json()).toEqual([{ collectionId: 'copy', faceCount: 3, userCount: 3 }]);
    const again = await ran(['import', file, '--collection', 'copy', ...elsewhere]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--replace takes its place')]);
  });
});

describe('rekollect doctor', () => {
  it('finds a store that is damaged, and leaves it as it is', async () => {
    const copy = await copyOfStore();
    const file = join(copy[1]!, 'collections.mdb');
    const bytes = await readFile(file);
    const damaged = Buffer.from(bytes.map((byte, at) => (at % 512 === 300 ? byte ^ 0xff : byte)));
    await writeFile(file, damaged);
    const { code, json } = await ran(['doctor', '--json', ...copy]);
    const [{ ok, checks }] = json();
    expect([code, ok]).toEqual([1, false]);
    expect(checks).toContainEqual({
      name: 'store',
      status: 'fail',
      message: expect.stringContaining('Put a backup'),
    });
    expect(await readFile(file)).toEqual(damaged);
  });

  it('finds all well, also at a server and while it has the directory, and says nothing of secrets', async () => {
    const copy = await copyOfStore();
    const env = {
      REKOLLECT_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      REKOLLECT_SECRET_ACCESS_KEY: 'a very secret secret',
    };
    const server = rekollect(['serve', '--port', '0', '--directory', copy[1]!, '--json', '--quiet'], env);
    await printed(server, '\n');
    const { urls } = JSON.parse(server.stdout);
    const remote = await ran(['doctor', '--endpoint', urls[0]], env);
    expect([remote.code, remote.stdout]).toEqual([
      0,
      expect.stringContaining(`${urls[0]} answers, and has 1 collection\n`),
    ]);
    expect(remote.stdout).not.toMatch(/AKID|secret/);
    const local = await ran(['doctor', ...copy]);
    expect([local.code, local.stderr]).toEqual([0, '']);
    expect(local.stdout).toMatch(/^ok {4}Node\.js \d+/);
    expect(local.stdout).not.toContain('fail');
    expect(local.stdout).toContain('MobileFaceNet was trained on MS1M-refine-v2');
    expect(local.stdout).toContain('ok    the face models run, as machine code\n');
    expect(local.stdout).toMatch(/ok {4}every record is sound\. .* is in use by process \d+/);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  it('says how to get what AWS wants', async () => {
    const nothing = {
      ...{ AWS_ACCESS_KEY_ID: undefined, AWS_PROFILE: undefined, AWS_REGION: undefined },
      AWS_EC2_METADATA_DISABLED: 'true',
      ...{ AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none', HOME: home },
    };
    const { code, stdout } = await ran(['doctor', '--aws'], nothing);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail .*[Cc]redentials.*\n {6}Set AWS_ACCESS_KEY_ID and /m);
    expect(stdout).toMatch(/^fail .*Region is missing.*\n {6}Set AWS_REGION, or give --region\.$/m);
  });
});

describe('rekollect', () => {
  it.each([
    [['serch'], 'There is no command serch. Did you mean search? Run rekollect --help.'],
    [['search', 'a.jpg', '--treshold', '3'], "Unknown option '--treshold'. Did you mean --threshold? Run "],
    [['users', '--local', 'x', '--aws'], "Option '--local <dir>' cannot be used with option '--aws'. Run "],
    [['users', '--region', 'eu-west-1'], '--region is for --aws. Give both.'],
    [['export', '--aws'], 'Amazon Rekognition gives no face vectors out. '],
    [['users', '--local', 'x'], 'There is no directory x with faces. rekollect enroll people/ makes one'],
    [
      ['search', 'a.jpg', '--by', 'name'],
      "Option '--by <what>' argument 'name' is invalid. Allowed choices are ",
    ],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { code, stdout, stderr } = await ran(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(`rekollect: ${sentence}`), stderr).toBe(true);
  });

  it('completes its commands in bash', async () => {
    const { stdout } = await ran(['completion', 'bash']);
    const typed = 'COMP_WORDS=(rekollect search --ann); COMP_CWORD=2; _rekollect; echo "$COMPREPLY"';
    expect(spawnSync('bash', ['-c', `${stdout}${typed}`]).stdout.toString()).toBe('--annotate\n');
  });
});

describe.skipIf(!hasTerminal)('rekollect on a terminal', () => {
  it('draws how far it is, and takes it away', async () => {
    const run = onTerminal(['search', samplePath(1), samplePath(1), ...served]);
    expect(await run.ended).toBe(0);
    expect(run.stdout).toContain('\r\x1b[2K██████████░░░░░░░░░░ 1/2 sample1.jpg');
    expect(run.stdout).toContain('\x1b[1mbella 100.0 %\x1b[22m\r\n');
    expect(run.stdout.endsWith('\r\x1b[2K')).toBe(true);
  });

  it('draws and colours nothing where it is not wanted, and ends with 3 when it names nobody', async () => {
    const environment = { NO_COLOR: '1', CI: 'true' };
    const run = onTerminal(['search', samplePath(3), '--threshold', '100', ...served], environment);
    expect(await run.ended).toBe(3);
    expect(run.stdout).toMatch(/^(\S+sample3\.jpg: unknown\r\n){3}$/);
  });

  it('asks before it forgets, and takes no for an answer', async () => {
    const copy = await copyOfStore();
    for (const [reply, code] of [
      ['n', 2],
      ['y', 0],
    ] as const) {
      const run = onTerminal(['forget', 'bella', ...copy]);
      await printed(run, 'Delete bella and all their faces from the collection people? [y/N]');
      run.child.stdin.write(`${reply}\n`);
      expect(await run.ended).toBe(code);
      expect(run.stdout).toContain(code === 0 ? 'Deleted bella and 1 face from' : 'Nothing was deleted.');
    }
  });
});
