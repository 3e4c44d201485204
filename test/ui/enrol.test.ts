import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { FaceCollection } from 'rekollect';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { chooseFolder, obstacles, openRoom } from '../support/open-page.js';
import { aFolder, photoOf } from '../support/people-folder.js';

describe.skipIf(!browserPath)('the page to enrol people (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  const openEnrol = () => openRoom(browser, 'enrol', 'Enrol');

  /** As a hand does it, which a script of the page may not. */
  async function drop(page: Page, files: readonly string[]) {
    const box = (await page.locator('.drop').first().boundingBox())!;
    const devTools = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devTools.send('Input.dispatchDragEvent', {
        type,
        x: box.x + 10,
        y: box.y + 10,
        data: { items: [], files: [...files], dragOperationsMask: 1 },
      });
    }
  }

  const enrol = (page: Page) => page.getByRole('button', { name: 'Enrol' }).click();
  const number = (page: Page, label: string) =>
    page.locator('.numbers div').filter({ hasText: label }).locator('dd').innerText();
  const idsOf = async (team: FaceCollection) =>
    (await team.listUsers().all()).map(({ userId }) => userId).sort();

  it('enrols a folder, shows the photos that were rejected with the reason, and takes it again without doing it twice', async () => {
    const { page, team, vision, complaints } = await openEnrol();
    const { folder } = await aFolder(vision, {
      'Ada Lovelace/1.png': ['ada'],
      'Ada Lovelace/2020/2.png': ['ada'],
      'Ada Lovelace/party.png': ['ada', 'bob'],
      'bob/1.png': ['bob'],
      'bob/garbage.jpg': 'no image',
      'bob/sea.png': [],
      'bob/notes.txt': 'x',
      'eve/nobody.png': [],
      'loose.png': ['ada'],
    });
    await chooseFolder(page, folder);
    await page.getByRole('heading', { name: 'Enrol 3 people?' }).waitFor();
    await page.getByText('2 files are left out').click();
    expect(await page.getByRole('list', { name: 'Files that are left out' }).innerText()).toMatch(
      /bob\/notes\.txt has not the name of an image\n+.*loose\.png lies in no person’s folder/,
    );
    expect(await obstacles(page)).toEqual([]);
    await enrol(page);

    await page.getByRole('heading', { name: 'Done' }).waitFor();
    const rejected = page.getByRole('list', { name: 'Rejected photos' });
    await rejected.getByText('Ada Lovelace: party.png shows 2 people').waitFor();
    await rejected.getByText('bob: garbage.jpg cannot be read').waitFor();
    await rejected.getByText('bob: sea.png shows no face').waitFor();
    await rejected.getByRole('img', { name: 'Ada Lovelace/party.png' }).and(page.locator('img')).waitFor();
    await page.getByText('eve has no usable photo').waitFor();
    await page.getByRole('link', { name: 'bob has one usable photo' }).waitFor();
    expect(await number(page, 'of them new')).toBe('2');
    expect(await number(page, 'enrolled')).toBe('3');
    expect(await idsOf(team)).toEqual(['Ada::Lovelace', 'bob']);
    const faces = await team.listFaces({ userId: 'Ada::Lovelace' }).all();
    expect(faces.map(({ photoName }) => photoName).sort()).toEqual(['1.png', '2020/2.png']);
    expect(await obstacles(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 640 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);

    await chooseFolder(page, folder);
    await enrol(page);
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await number(page, 'known before')).toBe('3');
    expect(await number(page, 'enrolled')).toBe('0');
    expect(complaints).toEqual([]);
  });

  it('takes folders that are dropped, each a person, with more files than a browser gives at a time', async () => {
    const { page, team, vision } = await openEnrol();
    const notes = Array.from({ length: 130 }, (_, index) => [`ada/more/${index}.txt`, 'x'] as const);
    const { folder } = await aFolder(vision, {
      'ada/1.png': ['ada'],
      'bob/1.png': ['bob'],
      ...Object.fromEntries(notes),
    });
    await drop(page, [join(folder, 'ada'), join(folder, 'bob')]);
    await page.getByRole('heading', { name: 'Enrol 2 people?' }).waitFor();
    await page.getByText('130 files are left out').waitFor();
    await enrol(page);
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await idsOf(team)).toEqual(['ada', 'bob']);
  });

  it('asks before it is closed, stops when it is told to, says what was done, and goes on from there', async () => {
    const { page, team, vision } = await openEnrol();
    const people = Array.from({ length: 12 }, (_, index) => `p${String(index).padStart(2, '0')}`);
    const { folder } = await aFolder(
      vision,
      Object.fromEntries(people.map((person) => [`${person}/1.png`, [person]])),
    );
    // The engine answers half of them, and holds the others back until it was stopped.
    let answers = 0;
    let letGo = () => {};
    const stopped = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route('**/', async (route) => {
      const isIndexing = route.request().headers()['x-amz-target']?.endsWith('.IndexFaces');
      if (isIndexing && ++answers > 6) await stopped;
      await route.continue();
    });
    await chooseFolder(page, folder);
    await enrol(page);
    await page.getByText(/[1-6] of 12 people/).waitFor();
    const question = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    await (await question).dismiss();
    await page.getByRole('button', { name: 'Stop' }).click();
    letGo();
    await page.getByRole('heading', { name: 'Stopped' }).waitFor();
    const before = (await idsOf(team)).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(12);
    expect(await number(page, 'of them new')).toBe(String(before));

    await chooseFolder(page, folder);
    await enrol(page);
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await number(page, 'of them new')).toBe(String(12 - before));
    expect(await idsOf(team)).toEqual(people);
  });

  it('adds photos to one person by name, and keeps what was given when it fails', async () => {
    const { page, team, vision } = await openEnrol();
    const files = await Promise.all(
      ['ada', 'ada', 'bob'].map(async (person, index) => ({
        name: `${index}.png`,
        mimeType: 'image/png',
        buffer: await photoOf(vision, [{ person, unlike: index * 0.1 }]),
      })),
    );
    const chooser = page.waitForEvent('filechooser');
    await page.getByText('Choose photos of one person').click();
    await (await chooser).setFiles(files);
    await page.getByRole('button', { name: 'Remove 1.png' }).click();
    await page.getByLabel('Name').fill('Ada');
    expect(await obstacles(page)).toEqual([]);
    await page.route('**/', (route) => route.abort());
    await enrol(page);
    await page.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
    await page.unroute('**/');
    await enrol(page);
    await page.getByText('Ada: 2.png shows somebody else').waitFor();
    expect(await idsOf(team)).toEqual(['Ada']);
  });

  it('says that a folder without people has none', async () => {
    const { page, vision } = await openEnrol();
    const { folder } = await aFolder(vision, { 'ada/notes.txt': 'x' });
    await chooseFolder(page, folder);
    await page.getByRole('heading', { name: 'There is nobody to enrol' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
  });
});
