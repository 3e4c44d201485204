import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateUserCommand,
  DeleteUserCommand,
  ListUsersCommand,
  SearchFacesCommand,
} from '@aws-sdk/client-rekognition';
import { backUpDirectory, DamagedDataError, DirectoryUnusableError } from 'rekollect/local';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { aCollection, anEngine, CollectionId } from '../support/declared-collection.js';
import { aClosedDirectory } from '../support/directories.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory } from '../support/stores.js';

describe('a backup', () => {
  it('is of one moment, while the engine goes on, and opens as a directory without what was deleted', async () => {
    const parent = await aDirectory();
    const { client, send, enroll } = await aCollection({ directory: join(parent, 'faces') });
    const [FaceId] = await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
    await send(new CreateUserCommand({ CollectionId, UserId: 'deleted-user' }));
    await send(new DeleteUserCommand({ CollectionId, UserId: 'deleted-user' }));

    const copy = join(parent, 'copies', 'monday');
    const copying = client.backup(copy);
    let users = 0;
    let isCopied = false;
    const copied = copying.then(() => {
      isCopied = true;
    });
    for (; !isCopied; users++)
      await send(new CreateUserCommand({ CollectionId, UserId: `user-${String(users).padStart(9, '0')}` }));
    await copied;
    await client.close();

    expect((await stat(copy)).mode & 0o777).toBe(0o700);
    expect((await stat(join(copy, 'collections.mdb'))).mode & 0o777).toBe(0o600);
    expect((await readdir(copy)).sort()).toEqual(['clean-shutdown.json', 'collections.mdb']);
    expect(await readdir(join(parent, 'copies'))).toEqual(['monday']);
    expect(readFileSync(join(copy, 'collections.mdb')).includes('deleted-user')).toBe(false);

    const restored = anEngine({ directory: copy });
    const search = new SearchFacesCommand({ CollectionId, FaceId: FaceId! });
    expect((await restored.send(search)).FaceMatches).toHaveLength(1);
    const { Users = [] } = await restored.send(new ListUsersCommand({ CollectionId }));
    expect(Users.length).toBeLessThan(users);
    // Whatever came first was copied first.
    expect(Users.map(({ UserId }) => UserId)).toEqual(['ada', ...namesOf(Users.length - 1)]);
    await restored.client.close();
    const store = await openDiskStore(copy);
    expectSound(store, CollectionId);
    await store.close();
  });

  it('takes no path that exists, and no engine without a directory', async () => {
    const { directory } = await aClosedDirectory();
    const taken = join(directory, 'taken');
    await mkdir(taken);
    await expect(backUpDirectory(directory, taken)).rejects.toThrow(DirectoryUnusableError);
    await expect(backUpDirectory(directory, taken)).rejects.toThrow(
      /cannot become a backup: it exists already/,
    );
    await expect(backUpDirectory(taken, join(directory, 'new'))).rejects.toThrow(DirectoryUnusableError);
    await expect(anEngine().client.backup(join(directory, 'new'))).rejects.toThrow(InvalidArgumentError);
    await expect(anEngine({ directory }).client.backup('')).rejects.toThrow(InvalidArgumentError);
    expect(existsSync(join(directory, 'new'))).toBe(false);
  });

  it('is not made of a directory that is damaged, and leaves nothing then', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const damaged = Buffer.from(whole);
    for (let at = damaged.indexOf('shortshort'); at >= 0; at = damaged.indexOf('shortshort', at))
      damaged.write('damagedone', at);
    for (const bytes of [damaged, Buffer.alloc(50_000, 'garbage')]) {
      writeFileSync(file, bytes);
      const before = await readdir(directory);
      const error = await backUpDirectory(directory, join(directory, 'new')).catch((e) => e);
      expect(error).toBeInstanceOf(DamagedDataError);
      expect(error).toMatchObject({ file });
      expect(await readdir(directory)).toEqual(before);
    }
  });
});

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `user-${String(n).padStart(9, '0')}`);
}
