import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromFolder, type ImageSource, InvalidArgumentError, type LeftOutFile, type Person } from 'rekollect';
import { declaredFaces } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../support/people-folder.js';

/** What a folder holds: people with the names of their photos, and what was left out by its path. */
async function entriesOf(folder: string, people: AsyncIterable<Person | LeftOutFile> = fromFolder(folder)) {
  const entries: unknown[] = [];
  for await (const entry of people) {
    if ('leftOut' in entry) entries.push([relative(folder, entry.leftOut), entry.reason]);
    else entries.push({ [entry.userId]: [...(entry.images as never[])].map(({ photoName }) => photoName) });
  }
  return entries;
}

const vision = declaredFaces();

describe('fromFolder', () => {
  it('takes folders for people, photos at any depth, all in the order of their names', async () => {
    const { folder } = await aFolder(vision, {
      'bob/b.jpg': 'x',
      'bob/B.JPEG': 'x',
      'bob/a.heic': 'x',
      'ada/2020/summer/2.webp': 'x',
      'ada/1.png': 'x',
      'ada/upload': 'x',
      'ada-2/1.jpg': 'x',
      '名前/a b.jpg': 'x',
    });
    const expected = [
      { ada: ['1.png', '2020/summer/2.webp', 'upload'] },
      { 'ada-2': ['1.jpg'] },
      { bob: ['B.JPEG', 'a.heic', 'b.jpg'] },
      { ':540d.524d:': ['a b.jpg'] },
    ];
    expect(await entriesOf(folder)).toEqual(expected);
    expect(await entriesOf(folder, fromFolder(pathToFileURL(folder)))).toEqual(expected);
  });

  it('reads the photos when they are asked for', async () => {
    const { folder } = await aFolder(vision, { 'ada/1.jpg': 'the image' });
    const { value: ada } = await fromFolder(folder)[Symbol.asyncIterator]().next();
    const [image] = [...((ada as Person).images as Iterable<ImageSource>)];
    expect(image).toMatchObject({ name: join(folder, 'ada/1.jpg'), photoName: '1.jpg' });
    expect(Buffer.from(await image!.read()).toString()).toBe('the image');
  });

  it('names every file that is nobody’s photo, and why', async () => {
    const { folder } = await aFolder(vision, {
      '.git/config': 'x',
      'ada/.DS_Store': 'x',
      'ada/1.jpg': 'x',
      'ada/2.jpg': '',
      'ada/notes.txt': 'x',
      'ada/film.mp4': 'x',
      'group.jpg': 'x',
      'readme.md': 'x',
    });
    await mkdir(join(folder, 'z'.repeat(129)));
    execFileSync('mkfifo', [join(folder, 'ada/pipe.jpg')]);
    await symlink(join(folder, 'nowhere.jpg'), join(folder, 'ada/to-nothing.jpg'));
    await symlink(folder, join(folder, 'ada/to-all'));
    expect(await entriesOf(folder)).toEqual([
      ['.git', 'HIDDEN'],
      ['ada/.DS_Store', 'HIDDEN'],
      ['ada/2.jpg', 'EMPTY'],
      ['ada/film.mp4', 'NO_IMAGE_NAME'],
      ['ada/notes.txt', 'NO_IMAGE_NAME'],
      ['ada/pipe.jpg', 'NO_FILE'],
      ['ada/to-all', 'NO_FILE'],
      ['ada/to-nothing.jpg', 'NO_FILE'],
      { ada: ['1.jpg'] },
      ['group.jpg', 'IN_NO_FOLDER'],
      ['readme.md', 'NO_IMAGE_NAME'],
      ['z'.repeat(129), 'NO_USER_ID'],
    ]);
  });

  it('follows links to photos and to folders', async () => {
    const { folder } = await aFolder(vision, { 'ada/1.jpg': 'x' });
    const { folder: other } = await aFolder(vision, { '2.jpg': 'x', 'more/3.jpg': 'x' });
    await symlink(join(other, '2.jpg'), join(folder, 'ada/2.jpg'));
    await symlink(join(other, 'more'), join(folder, 'ada/more'));
    await symlink(other, join(folder, 'bob'));
    expect(await entriesOf(folder)).toEqual([
      { ada: ['1.jpg', '2.jpg', 'more/3.jpg'] },
      { bob: ['2.jpg', 'more/3.jpg'] },
    ]);
  });

  it('gives the person without photos whose folder has gone meanwhile, and the next one', async () => {
    const { folder } = await aFolder(vision, { 'ada/1.jpg': 'x', 'bob/1.jpg': 'x', 'eve/1.jpg': 'x' });
    const people = fromFolder(folder)[Symbol.asyncIterator]();
    await people.next();
    await rm(join(folder, 'bob'), { recursive: true });
    expect((await people.next()).value).toEqual({ leftOut: join(folder, 'bob'), reason: 'NO_FILE' });
    expect((await people.next()).value).toMatchObject({ userId: 'eve' });
  });

  it('refuses what is no folder', async () => {
    const { folder } = await aFolder(vision, {});
    await writeFile(join(folder, 'file'), 'x');
    for (const path of [
      join(folder, 'file'),
      join(folder, 'none'),
      '',
      undefined,
      7,
      's3://people',
      new URL('http://a'),
    ]) {
      expect(() => fromFolder(path as never)).toThrow(InvalidArgumentError);
    }
  });
});
