import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { FaceCollection, fromBuffer, toUserId } from 'rekollect';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { obstacles, openPage } from '../support/open-page.js';

/** A page that shows the people of the collection "team", and ways to fill it and look into it. */
async function aTeam(browser: Browser) {
  const opened = await openPage(browser);
  const { page, client, vision } = opened;
  const team = new FaceCollection('team', { client });
  await team.create();

  /** Enrols somebody of as many photos. @returns the ids of the faces */
  const enroll = async (name: string, photos = 1, person = name) => {
    const images = await Promise.all(
      Array.from({ length: photos }, async (_, index) => {
        const photo = await vision.photo([{ person, brightness: 50 + index }], { width: 160, height: 120 });
        return fromBuffer(photo, { photoName: `${name} ${index + 1}.jpg` });
      }),
    );
    const { associated } = await team.enrollUser(toUserId(name), images, { threshold: 0 });
    return associated.map(({ faceId }) => faceId);
  };
  const show = async (name?: string) => {
    const userId = name === undefined ? '' : `/${encodeURIComponent(toUserId(name))}`;
    await page.evaluate(`location.hash = '#/team/people${userId}'`);
    await page.getByRole('heading', { level: 1, name: name ?? 'People' }).waitFor();
  };
  /** How many faces each user has in the engine; those of nobody under the empty name. */
  const held = async () => {
    const users = await team.listUsers().all();
    const counts: Record<string, number> = Object.fromEntries(users.map(({ userId }) => [userId, 0]));
    for (const { userId = '' } of await team.listFaces().all()) counts[userId] = (counts[userId] ?? 0) + 1;
    return counts;
  };
  return { ...opened, team, enroll, show, held };
}

const people = (page: Page) => page.getByRole('list', { name: 'People' }).getByRole('link');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
/** Once it is asked, for the button behind may have the same name. */
const confirm = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const isSideways = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
const focused = (page: Page) => page.evaluate('document.activeElement.textContent');

describe.skipIf(!browserPath)('the page of people (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  it('says what to do while nobody is there', async () => {
    const { page, show } = await aTeam(browser);
    await show();
    await page.getByRole('link', { name: 'Enrol people' }).click();
    expect(page.url()).toMatch(/#\/team\/enrol$/);
  });

  it('shows everybody by name, and finds those whose names are typed without accents', async () => {
    const { page, show, enroll, team, complaints } = await aTeam(browser);
    await enroll('Søren Álvarez', 2);
    await enroll('Ada');
    await team.createUser('Zoe');
    await show();
    await page.getByText('3 people').waitFor();
    await page.getByText('no faces yet').waitFor();
    expect(await people(page).allInnerTexts()).toEqual([
      expect.stringMatching(/Ada\s+1 face/),
      expect.stringMatching(/Søren Álvarez\s+2 faces/),
      expect.stringMatching(/Zoe\s+no faces yet/),
    ]);
    await page.getByLabel('Search by name').fill('alvarez SOREN');
    await page.getByText('1 of 3 people').waitFor();
    await people(page).click();
    await page.getByRole('heading', { name: 'Søren Álvarez' }).waitFor();

    await page.goBack();
    await page.getByText('1 of 3 people').waitFor();
    await page.getByLabel('Search by name').fill('nobody');
    await page.getByText('Nobody in this collection has such a name.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('draws few of ten thousand people, and reaches the last by scrolling, by keys and by name', async () => {
    const { page, show, team } = await aTeam(browser);
    const ids = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
    for (let start = 0; start < ids.length; start += 500)
      await Promise.all(ids.slice(start, start + 500).map((id) => team.createUser(id)));
    await show();
    await page.getByText('10,000 people', { exact: true }).waitFor();
    const last = page.getByRole('link', { name: 'p9999 ' });
    expect(await page.locator('*').count()).toBeLessThan(1000);
    expect(await last.count()).toBe(0);

    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await last.waitFor();
    expect(await page.locator('*').count()).toBeLessThan(1000);
    const item = page.getByRole('listitem').filter({ has: last });
    expect(await item.getAttribute('aria-posinset')).toBe('10000');
    expect(await item.getAttribute('aria-setsize')).toBe('10000');

    await page.evaluate('scrollTo(0, 0)');
    await page.getByRole('link', { name: 'p0 ' }).waitFor();
    await page.getByLabel('Search by name').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toMatch(/^p1\D/);
    await page.keyboard.press('End');
    await expect.poll(() => focused(page)).toMatch(/^p9999/);
    await page.keyboard.press('Enter');
    await page.getByText('There is no face yet').waitFor();
    await page.goBack();
    await last.waitFor();
    await expect.poll(() => focused(page)).toMatch(/^p9999/);
    expect(await page.evaluate('scrollY')).toBeGreaterThan(100_000);
    await page.keyboard.press('Home');
    await expect.poll(() => page.evaluate('scrollY')).toBeLessThan(400);

    await page.getByLabel('Search by name').fill('9999');
    await page.getByText('1 of 10,000 people').waitFor();
    await last.waitFor();
  });

  it('takes names for text, whatever they are made of', async () => {
    const { page, show, enroll, complaints } = await aTeam(browser);
    const hostile = ['<img src=x onerror=alert(1)>', 'abc\u202Egnp.exe', 'W'.repeat(120)];
    for (const name of hostile) await enroll(name);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const name of hostile) {
      await show();
      await page.getByRole('link', { name }).click();
      const heading = page.getByRole('heading', { level: 1 });
      await heading.filter({ hasText: name }).waitFor();
      expect(await heading.locator('bdi').textContent()).toBe(name);
      expect(await isSideways(page)).toBe(false);
      await press(page, 'Erase');
      await page.getByRole('dialog').filter({ hasText: name }).waitFor();
    }
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('renames a person, and all faces stay', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    await enroll('Ada', 3);
    await show('Ada');
    await press(page, 'Rename');
    await page.getByLabel('New name').fill('Ada Lovelace');
    await confirm(page, 'Rename');
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await page.getByText('Ada 3.jpg').waitFor();
    expect(await held()).toEqual({ 'Ada::Lovelace': 3 });
  });

  it('asks whether two are one person where the name is taken, and moves unlike faces only when told so', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    await enroll('Ada', 2);
    await enroll('Grace');
    await show('Ada');
    await press(page, 'Rename');
    await page.getByLabel('New name').fill('Grace');
    await confirm(page, 'Rename');
    await page.getByText('There is a Grace already.').waitFor();
    expect(await held()).toEqual({ Ada: 2, Grace: 1 });
    await confirm(page, 'Merge');
    await page.getByRole('alert').filter({ hasText: 'too unlike the person (similarity' }).waitFor();
    expect(await held()).toEqual({ Ada: 2, Grace: 1 });
    await confirm(page, 'Merge all the same');
    await page.getByRole('heading', { name: 'Grace' }).waitFor();
    expect(await held()).toEqual({ Grace: 3 });
  });

  it('merges a person into another that is chosen by name', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    await enroll('Ada', 2);
    await enroll('Ada Lovelace', 1, 'Ada');
    await show('Ada');
    await press(page, 'Merge');
    await page.locator('datalist option[value="Ada Lovelace"]').waitFor({ state: 'attached' });
    await page.getByLabel('Name of the other').fill('Nobody');
    await confirm(page, 'Merge');
    await page.getByRole('alert').filter({ hasText: 'Nobody' }).waitFor();
    await page.getByLabel('Name of the other').fill('Ada Lovelace');
    await confirm(page, 'Merge');
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    expect(await held()).toEqual({ 'Ada::Lovelace': 3 });
  });

  it('erases a person and gives a receipt of what was erased', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    const faceIds = await enroll('Ada', 2);
    await enroll('Grace');
    await show('Ada');
    await page.getByText('Ada 2.jpg').waitFor();
    await press(page, 'Erase');
    await page.getByText('Ada and 2 faces are deleted for good').waitFor();
    await confirm(page, 'Erase');
    await page.getByText('Ada and 2 faces erased on').waitFor();
    expect(await held()).toEqual({ Grace: 1 });

    await page.getByText('Ids of the faces').click();
    for (const faceId of faceIds) await page.getByText(faceId).last().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download the receipt' }).click();
    const receipt = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(receipt).toEqual({
      collectionId: 'team',
      userId: 'Ada',
      name: 'Ada',
      erasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      userDeleted: true,
      deletedFaceIds: expect.arrayContaining(faceIds),
    });
    await confirm(page, 'Done');
    await page.getByText('1 person', { exact: true }).waitFor();
  });

  it('deletes a face and moves another, to somebody who is made for it', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    await enroll('Ada', 3);
    await show('Ada');
    await page.getByLabel('Ada 1.jpg').check();
    await press(page, 'Delete');
    await page.getByText('and Ada is recognised by other faces only').waitFor();
    await confirm(page, 'Delete');
    await page.getByText('2 faces', { exact: false }).first().waitFor();
    expect(await held()).toEqual({ Ada: 2 });

    await page.getByLabel('Ada 2.jpg').check();
    await press(page, 'Move to somebody else');
    await page.getByLabel('Name', { exact: true }).fill('Ida');
    await page.getByText('a new person is made of 1 face').waitFor();
    await confirm(page, 'Move');
    await page.getByLabel('Ada 2.jpg').waitFor({ state: 'detached' });
    expect(await held()).toEqual({ Ada: 1, Ida: 1 });
  });

  it('shows faces of nobody, and gives them to somebody or deletes them', async () => {
    const { page, show, enroll, team, vision, held } = await aTeam(browser);
    await enroll('Ada');
    await team.indexFaces(fromBuffer(await vision.photo(['Ada', 'a stranger'])), {
      externalImageId: 'party',
    });
    await show();
    await page.getByText('2 faces belong to nobody').click();
    await page.getByLabel('party').nth(1).waitFor();
    for (const face of await page.getByLabel('party').all()) await face.check();
    await press(page, 'Say whose they are');
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await confirm(page, 'Move');
    await page.getByRole('alert').filter({ hasText: '1 face stays as it is: too unlike' }).waitFor();
    await confirm(page, 'Leave as it is');
    await page.getByText('1 face belongs to nobody').waitFor();
    expect(await held()).toEqual({ Ada: 2, '': 1 });
    await page.getByLabel('party').check();
    await press(page, 'Delete');
    await confirm(page, 'Delete');
    await page.getByText('belongs to nobody').waitFor({ state: 'detached' });
    expect(await held()).toEqual({ Ada: 2 });
  });

  it('says what went wrong in the words of the library, and gives the focus back', async () => {
    const { page, show, enroll, held } = await aTeam(browser);
    await enroll('Ada');
    await show('Ada');
    await press(page, 'Rename');
    await page.getByLabel('New name').fill('日本'.repeat(40));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: '1 to 128 characters when escaped' }).waitFor();
    await confirm(page, 'Cancel');
    await expect.poll(() => focused(page)).toBe('Rename');
    expect(await held()).toEqual({ Ada: 1 });
    await show('Nobody At All');
    await page.getByText('Nobody of this name is in the collection').waitFor();
  });

  it('has no obstacles, and fits a narrow screen', async () => {
    const { page, show, enroll, team, vision } = await aTeam(browser);
    await enroll('Ada', 2);
    await team.createUser('Zoe');
    await team.indexFaces(fromBuffer(await vision.photo(['a stranger'])));
    await page.setViewportSize({ width: 360, height: 740 });
    for (const dialog of ['Move to somebody else', 'Erase']) {
      await show();
      await page.getByText('1 face belongs to nobody').click();
      await page.getByRole('list', { name: 'Faces of nobody' }).waitFor();
      await page.getByText('no faces yet').waitFor();
      expect(await obstacles(page)).toEqual([]);
      expect(await isSideways(page)).toBe(false);
      await show('Ada');
      await page.getByLabel('Ada 2.jpg').check();
      expect(await obstacles(page)).toEqual([]);
      expect(await isSideways(page)).toBe(false);
      await press(page, dialog);
      await page.getByRole('dialog').waitFor();
      expect(await obstacles(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });
});
