import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DescribeCollectionCommand,
  IndexFacesCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  SearchFacesCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import {
  DirectoryTakenError,
  DirectoryUnusableError,
  LocalRekognition,
  StoreClosedError,
} from 'rekollect/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';
import { aClosedDirectory } from '../support/directories.js';
import { startProcess } from '../support/processes.js';
import { builtProgram } from '../support/program.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory } from '../support/stores.js';

const run = promisify(execFile);

const opening = (directory: string) =>
  openDiskStore(directory).then(async (store) => {
    await store.close();
    return 'opened';
  });

describe('a directory', () => {
  it('gives back everything to the next engine', async () => {
    const directory = await aDirectory();
    const before = await aCollection({ directory });
    const faceIds = await before.enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    const [stranger] = await before.index([{ person: 'grace' }], { ExternalImageId: 'grace.jpg' });
    const search = async ({ send }: Pick<typeof before, 'send'>) => [
      (await send(new DescribeCollectionCommand({ CollectionId }))).FaceCount,
      (await send(new SearchFacesCommand({ CollectionId, FaceId: faceIds[0]! }))).FaceMatches,
      (await send(new SearchUsersCommand({ CollectionId, FaceId: faceIds[1]! }))).UserMatches,
      (await send(new SearchFacesCommand({ CollectionId, FaceId: stranger!, FaceMatchThreshold: 0 })))
        .FaceMatches,
    ];
    const found = await search(before);
    await before.client.close();

    const after = anEngine({ directory });
    expect(await search(after)).toEqual(found);
    await after.client.close();
    const store = await openDiskStore(directory);
    expectSound(store, CollectionId);
    await store.close();
  });

  it('knows a request token and an indexed photo after a restart', async () => {
    const directory = await aDirectory();
    const vision = declaredFaces();
    const Image = { Bytes: await vision.photo([{ person: 'ada' }]) };
    const index = new IndexFacesCommand({ CollectionId, Image, ExternalImageId: 'ada.jpg' });
    const create = new CreateUserCommand({ CollectionId, UserId: 'ada', ClientRequestToken: 'once' });
    const first = await aCollection({ directory, vision });
    const { FaceRecords: indexed } = await first.send(index);
    await first.send(create);
    await first.client.close();

    const second = anEngine({ directory, vision });
    await expect(second.send(create)).resolves.toBeDefined();
    expect((await second.send(index)).FaceRecords![0]!.Face!.FaceId).toBe(indexed![0]!.Face!.FaceId);
    await second.client.close();
  });

  it('does not mix the vectors of two kinds of models, after a restart either', async () => {
    const directory = await aDirectory();
    const first = await aCollection({ directory });
    const [faceId] = await first.index([{ person: 'ada' }]);
    await first.send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));
    await first.client.close();

    const vision = declaredFaces();
    const other = { ...vision, space: { ...vision.space, version: 'other-models' } };
    const { send, client } = anEngine({ directory, vision: other });
    const Image = { Bytes: await vision.photo([{}]) };
    const refused = refusedWith('InvalidParameterException', 'face vectors of "declared-faces-1"');
    for (const command of [
      new IndexFacesCommand({ CollectionId, Image }),
      new SearchFacesCommand({ CollectionId, FaceId: faceId! }),
      new AssociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds: [faceId!] }),
    ])
      await expect(
        client.answer(command.constructor.name.replace('Command', ''), command.input),
      ).rejects.toEqual(refused);
    expect((await send(new DescribeCollectionCommand({ CollectionId }))).FaceCount).toBe(1);
    await client.close();
  });

  it('holds nothing more of a deleted collection', async () => {
    const directory = await aDirectory();
    const { client, send, enroll } = await aCollection({ directory });
    await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    await send(new DeleteCollectionCommand({ CollectionId }));
    await client.close();
    const store = await openDiskStore(directory);
    expect([...store.keys('')].filter((key) => !key.startsWith('token-expiry/'))).toEqual([]);
    await store.close();
  });

  it('is cleared of what a killed process had left to remove', async () => {
    const directory = await aDirectory();
    const store = await openDiskStore(directory);
    await store.write((transaction) => {
      transaction.put('deleted/old', true);
      for (let i = 0; i < 2500; i++) transaction.put(`face/old/${i}`, { i });
      transaction.put('importing/team', { collectionId: 'team', contents: 'half' });
      transaction.put('face-front/half/00000000', { numbers: new Float32Array(2) });
      transaction.put('token-expiry/000000000000001/token/x', { key: 'token/x', expiresAt: 1 });
      transaction.put('token/x', { expiresAt: 1 });
    });
    await store.close();
    const { client, send } = anEngine({ directory });
    await send(new CreateCollectionCommand({ CollectionId: 'other' }));
    await send(new DeleteCollectionCommand({ CollectionId: 'other' }));
    await client.close();
    const cleared = await openDiskStore(directory);
    expect([...cleared.keys('')]).toEqual([]);
    await cleared.close();
  });

  it('is opened before that is done, and closed as well', async () => {
    const directory = await aDirectory();
    const store = await openDiskStore(directory);
    await store.write((transaction) => {
      transaction.put('deleted/old', true);
      for (let i = 0; i < 5000; i++) transaction.put(`face/old/${i}`, { i });
    });
    await store.close();
    const { client } = anEngine({ directory });
    await client.open();
    await client.close();
    const closed = await openDiskStore(directory);
    expect(closed.get('deleted/old')).toBe(true);
    await closed.close();
  });

  it('is left byte for byte by an engine that only searches and lists', async () => {
    const directory = await aDirectory();
    const { client, enroll } = await aCollection({ directory });
    const [FaceId] = await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    await client.close();
    const file = join(directory, 'collections.mdb');
    const [closed, { mtimeMs }] = [await readFile(file), await stat(file)];

    const reader = anEngine({ directory });
    await reader.client.open();
    const { FaceMatches } = await reader.send(new SearchFacesCommand({ CollectionId, FaceId: FaceId! }));
    expect(FaceMatches).toHaveLength(1);
    expect((await reader.send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(2);
    await reader.client.close();
    expect((await readFile(file)).equals(closed)).toBe(true);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('is opened when the first command comes, or when it is asked for', async () => {
    const directory = join(await aDirectory(), 'a', 'b');
    const client = new LocalRekognition({ directory, vision: declaredFaces() });
    expect(existsSync(directory)).toBe(false);
    await client.open();
    expect(existsSync(directory)).toBe(true);
    await client.close();
    await expect(client.open()).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });

  it('need not be touched by an engine that is closed unused', async () => {
    const directory = join(await aDirectory(), 'unused');
    await new LocalRekognition({ directory }).close();
    expect(existsSync(directory)).toBe(false);
  });

  it('has to be a path', () => {
    for (const directory of ['', 5 as unknown as string])
      expect(() => new LocalRekognition({ directory })).toThrow(InvalidArgumentError);
  });

  it('keeps what is written while it closes, and nothing after', async () => {
    const directory = await aDirectory();
    const store = await openDiskStore(directory);
    const snapshot = store.snapshot();
    const writing = Promise.all(
      [1, 2, 3].map((n) => store.write((transaction) => transaction.put(String(n), { n }))),
    );
    const walk = store.keys('')[Symbol.iterator]();
    const closing = store.close();
    await expect(store.write(() => {})).rejects.toThrow(StoreClosedError);
    await writing;
    await closing;
    await store.close();
    expect(() => store.get('1')).toThrow(StoreClosedError);
    expect(() => snapshot.get('1')).toThrow(StoreClosedError);
    expect(() => walk.next()).toThrow(StoreClosedError);
    snapshot.release();
    const again = await openDiskStore(directory);
    expect([...again.keys('')]).toEqual(['1', '2', '3']);
    await again.close();
  });

  it('may be closed while records are read ahead, and tells of it when it is closed', async () => {
    const { directory } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    const keys = [...store.keys('')];
    for (let i = 0; i < 20; i++) store.readAhead?.([...keys, 'none']);
    await store.close();
    expect(() => store.readAhead?.(keys)).toThrow(StoreClosedError);
    await opening(directory);
  });

  it('keeps a moment that is looked at while much is written', async () => {
    const store = await openDiskStore(await aDirectory());
    onTestFinished(() => store.close());
    await store.write((transaction) => transaction.put('before', { n: 1 }));
    const snapshot = store.snapshot();
    for (let i = 0; i < 20; i++)
      await store.write((transaction) => transaction.put(`big/${i}`, { numbers: new Float32Array(500_000) }));
    expect([...snapshot.keys('')]).toEqual(['before']);
    snapshot.release();
    expect([...store.keys('')]).toHaveLength(21);
  });
});

describe('a directory in use', () => {
  it('is refused to another engine of the process, by whatever path', async () => {
    const directory = await aDirectory();
    const store = await openDiskStore(directory);
    const link = join(await aDirectory(), 'link');
    await symlink(directory, link);
    for (const path of [directory, relative('.', directory), link]) {
      const error = await openDiskStore(path).catch((e) => e);
      expect(error).toBeInstanceOf(DirectoryTakenError);
      expect(error).toMatchObject({ code: 'DIRECTORY_TAKEN', pid: process.pid });
      expect(error.message).toContain('in use by this process');
    }
    await store.write((transaction) => transaction.put('still', { fine: true }));
    await store.close();
    await expect(opening(directory)).resolves.toBe('opened');
  });

  it('is refused to another process, which is told where and by whom', async () => {
    const directory = await aDirectory();
    const store = await openDiskStore(directory);
    // The first refusal must not weaken the claim.
    await openDiskStore(directory).catch(() => {});
    const other = startProcess('test/support/holding-process.ts', [directory]);
    const { value } = await other.lines.next();
    expect(JSON.parse(value)).toEqual({
      name: 'DirectoryTakenError',
      pid: process.pid,
      message: `${directory} is in use by process ${process.pid}. Close the engine there first, or share it over a server.`,
    });
    await store.close();
  });

  it('is free again when its process was killed', async () => {
    const directory = await aDirectory();
    const other = startProcess('test/support/holding-process.ts', [directory]);
    expect(await other.lines.next()).toMatchObject({ value: 'open' });
    const client = new LocalRekognition({ directory, vision: declaredFaces() });
    await expect(client.send(new ListCollectionsCommand({}))).rejects.toMatchObject({
      code: 'DIRECTORY_TAKEN',
      directory,
      pid: other.process.pid,
    });
    other.process.kill('SIGKILL');
    await other.ended;
    // The same engine may try again.
    await expect(client.send(new ListCollectionsCommand({}))).resolves.toMatchObject({ CollectionIds: [] });
    await client.close();
  });

  it('goes to one of several processes that want it at once', async () => {
    const directory = await aDirectory();
    const several = [1, 2, 3, 4].map(() => startProcess('test/support/holding-process.ts', [directory]));
    const answers = await Promise.all(several.map(async ({ lines }) => (await lines.next()).value as string));
    expect(answers.filter((line) => line === 'open')).toHaveLength(1);
    expect(answers.filter((line) => line.includes('DirectoryTakenError'))).toHaveLength(3);
  });
});

describe.skipIf(process.platform === 'win32')('the files of a directory', () => {
  const mode = async (path: string) => (await stat(path)).mode & 0o777;

  it('are for this user only, whatever the umask', async () => {
    const parent = await aDirectory();
    for (const umask of [0o000, 0o777]) {
      const before = process.umask(umask);
      const directory = join(parent, `umask-${umask}`);
      await expect(opening(directory).finally(() => process.umask(before))).resolves.toBe('opened');
      expect(await mode(directory)).toBe(0o700);
      for (const file of await readdir(directory)) expect(await mode(join(directory, file))).toBe(0o600);
      await chmod(directory, 0o755);
      await chmod(join(directory, 'collections.mdb'), 0o644);
      await opening(directory);
      expect(await mode(directory)).toBe(0o700);
      expect(await mode(join(directory, 'collections.mdb'))).toBe(0o600);
    }
  });

  it('stay private in a directory that holds other things, which is left as open as it was', async () => {
    const directory = await aDirectory();
    await chmod(directory, 0o755);
    await writeFile(join(directory, 'notes.txt'), 'mine');
    await opening(directory);
    expect(await mode(directory)).toBe(0o755);
    expect(await mode(join(directory, 'collections.mdb'))).toBe(0o600);
  });

  it('hold nothing that tells of an aborted start', async () => {
    const directory = await aDirectory();
    await writeFile(join(directory, 'collections.mdb.new'), 'half');
    await expect(opening(directory)).resolves.toBe('opened');
    expect(await readdir(directory)).toEqual([
      'clean-shutdown.json',
      'collections.mdb',
      'collections.mdb-lock',
      'in-use.mdb',
      'in-use.mdb-lock',
    ]);
  });
});

describe.skipIf(process.platform === 'win32')('a directory of the user’s own choice', () => {
  const mode = async (path: string) => (await stat(path)).mode & 0o7777;

  it('gives nobody more than before, its owner included', async () => {
    const directory = await aDirectory();
    await opening(directory);
    const file = join(directory, 'collections.mdb');
    for (const [before, after] of [
      [0o500, 0o500],
      [0o2550, 0o2500],
      [0o070, 0o000],
    ] as const) {
      await chmod(directory, before);
      await chmod(file, 0o440);
      // Permissions bind all but the superuser, who opens it.
      await opening(directory).catch(() => {});
      expect(await mode(directory)).toBe(after);
      await chmod(directory, 0o700);
      if (process.getuid?.() === 0) expect(await mode(file)).toBe(0o400);
    }
  });

  it('is where it was when it was given, wherever the process goes', async () => {
    const parent = await aDirectory();
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(parent);
    const client = new LocalRekognition({ directory: 'faces', vision: declaredFaces() });
    process.chdir(before);
    await client.open();
    await client.close();
    expect(existsSync(join(parent, 'faces', 'collections.mdb'))).toBe(true);
  });
});

/** A file system of its own for the test, which only Linux and its superuser can have; `undefined` without it. */
async function aMount(options: string): Promise<string | undefined> {
  const directory = await aDirectory();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  } catch {
    return undefined;
  }
  onTestFinished(() => run('umount', ['-l', directory]).then(() => {}));
  return directory;
}

describe('a disk that can only be read', () => {
  it('is searched, and refuses changes', async ({ skip }) => {
    const disk = await aMount('size=8m');
    if (disk === undefined) return skip('file systems cannot be mounted here');
    const directory = join(disk, 'faces');
    const { client, enroll } = await aCollection({ directory });
    const [FaceId] = await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    await client.close();
    const killed = join(disk, 'killed');
    await opening(killed);
    await rm(join(killed, 'clean-shutdown.json'));
    await run('mount', ['-o', 'remount,ro', disk]);

    const readers = [anEngine({ directory }), anEngine({ directory })];
    for (const reader of readers) {
      const { FaceMatches } = await reader.send(new SearchFacesCommand({ CollectionId, FaceId: FaceId! }));
      expect(FaceMatches).toHaveLength(1);
      const create = reader.send(new CreateUserCommand({ CollectionId, UserId: 'grace' }));
      await expect(create).rejects.toThrow(/cannot be changed: its disk can only be read/);
      await expect(create).rejects.toThrow(DirectoryUnusableError);
    }
    for (const reader of readers) await reader.client.close();
    // Whoever killed it may be writing to it elsewhere.
    await expect(opening(killed)).rejects.toThrow(/was not closed: open it where the disk can be written/);
    await expect(opening(join(disk, 'new'))).rejects.toThrow(DirectoryUnusableError);
  });
});

describe('a directory that cannot be used', () => {
  it('is named with what is wrong with it', async () => {
    const parent = await aDirectory();
    const file = join(parent, 'file');
    await writeFile(file, 'a file');
    for (const directory of [file, join(file, 'below')]) {
      const error = await openDiskStore(directory).catch((e) => e);
      expect(error).toBeInstanceOf(DirectoryUnusableError);
      expect(error).toMatchObject({ code: 'DIRECTORY_UNUSABLE', cause: expect.any(Error) });
      expect(error.message).toContain(file);
    }
    expect(await readFile(file, 'utf8')).toBe('a file');
  });

  // Permissions do not bind the superuser.
  it.skipIf(process.getuid?.() === 0)('may be one that nobody is allowed to write', async () => {
    const parent = await aDirectory();
    const directory = join(parent, 'read-only');
    await mkdir(directory, { mode: 0o500 });
    await writeFile(join(parent, 'x'), '');
    await chmod(parent, 0o500);
    onTestFinished(() => chmod(parent, 0o700));
    await expect(opening(join(parent, 'new'))).rejects.toThrow(DirectoryUnusableError);
  });
});

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('costs nothing but what could not be written, which is told', async () => {
    const directory = await aDirectory();
    // No file may grow beyond 2,000 blocks: as good as a full disk.
    const { lines } = startProcess('test/support/filling-process.ts', [directory], '-f 2000');
    const { errors, again, kept, keys, small } = JSON.parse((await lines.next()).value);
    expect(errors).toEqual([
      {
        name: 'DirectoryUnusableError',
        message: expect.stringContaining(join(directory, 'collections.mdb')),
      },
      { name: 'DirectoryUnusableError', message: expect.any(String) },
    ]);
    expect({ again, small }).toEqual({ again: 'DirectoryUnusableError', small: 'removed' });
    expect(kept).toBeGreaterThan(4);
    expect(keys).toBe(2 * kept);
    const store = await openDiskStore(directory);
    expect([...store.keys('')]).toHaveLength(2 * kept - 1);
    expect([...store.keys('small/')]).toHaveLength(kept);
    await store.close();
  });
});

describe('a small disk that is full', () => {
  it('is told as such, by us alone', async ({ skip }) => {
    const disk = await aMount('size=2m');
    if (disk === undefined) return skip('file systems cannot be mounted here');
    const filling = fileURLToPath(builtProgram('test/support/filling-process.ts'));
    const { stdout, stderr } = await run(process.execPath, [filling, join(disk, 'faces')]);
    expect(stderr).toBe('');
    const { errors, again, kept, small } = JSON.parse(stdout);
    const file = join(disk, 'faces', 'collections.mdb');
    expect(errors[0]).toEqual({
      name: 'DirectoryUnusableError',
      message: `${file} cannot grow: the disk is full`,
    });
    expect({ again, small }).toEqual({ again: 'DirectoryUnusableError', small: 'removed' });
    expect(kept).toBeGreaterThan(10);
  }, 20_000);
});
