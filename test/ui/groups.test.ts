import type { Browser, Page } from 'playwright-core';
import { FaceCollection, fromBuffer } from 'rekollect';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { chooseFolder, obstacles, openRoom } from '../support/open-page.js';
import { aFolder } from '../support/people-folder.js';

describe.skipIf(!browserPath)('the page of groups (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  async function openGroups() {
    const opened = await openRoom(browser, 'groups', 'Groups');
    const collections = async () =>
      (await FaceCollection.list({ client: opened.client }).all()).map(({ collectionId }) => collectionId);
    return { ...opened, collections };
  }

  it('shows who is in photos and has no name, says why of all other faces, and names a group', async () => {
    const { page, team, vision, complaints, collections } = await openGroups();
    await team.enrollUser('eve', [fromBuffer(await vision.photo([{ person: 'eve' }]))]);
    const { folder } = await aFolder(vision, {
      'day 1/1.png': ['ada', 'bob', 'eve'],
      'day 1/2.png': ['ada', 'bob'],
      '3.png': ['ada', 'stranger'],
      'blurred.png': [{ person: 'ada', sharpness: 1 }],
      'garbage.jpg': 'no image',
      'notes.txt': 'x',
    });
    await chooseFolder(page, folder);
    await page.getByRole('heading', { name: '2 people without a name' }).waitFor();
    const groups = page.getByRole('list', { name: 'Groups' }).locator('> li');
    await groups.first().getByText('3 faces in 3 photos').waitFor();
    await page.getByText('1 face is of people whom the collection knows').waitFor();
    await page.getByText('blurred.png is blurred').waitFor();
    await page
      .getByRole('list', { name: 'Photos that could not be used' })
      .getByText('garbage.jpg')
      .waitFor();
    expect(await page.getByRole('list', { name: 'Faces like no other' }).getByRole('listitem').count()).toBe(
      1,
    );
    expect(await collections()).toEqual(['team']);
    expect(await obstacles(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 640 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);

    // One of the faces is somebody else's, whoever looks at them says.
    await groups.first().getByText('All 3').click();
    await groups.first().getByRole('checkbox').last().uncheck();
    await groups.first().getByRole('button', { name: 'Who is this?' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who is this?' });
    await dialog.getByRole('combobox', { name: 'Name' }).fill('Ada');
    expect(await obstacles(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByRole('link', { name: 'Ada' }).waitFor();
    await page.getByRole('heading', { name: '1 person without a name' }).waitFor();
    expect(await groups.count()).toBe(1);
    expect(await page.evaluate('document.activeElement.innerText')).toBe('1 person without a name');
    expect(await team.listFaces({ userId: 'Ada' }).all()).toHaveLength(2);

    await page.getByRole('button', { name: 'Who is this, of' }).click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.ariaLabel')).toMatch('Who is this, of');
    expect(complaints).toEqual([]);
  });

  it('says so where everybody is known, and what a collection is that was left behind', async () => {
    const { page, client, team, vision } = await openGroups();
    await team.enrollUser('eve', [fromBuffer(await vision.photo([{ person: 'eve' }]))]);
    const { folder } = await aFolder(vision, { '1.png': [{ person: 'eve', unlike: 0.1 }] });
    await chooseFolder(page, folder);
    await page.getByRole('heading', { name: 'Everybody in these photos is known' }).waitFor();

    await new FaceCollection('rekollect-group-1', { client }).create();
    await page.getByRole('link', { name: 'Rekollect' }).click();
    const left = page.getByRole('listitem').filter({ hasText: 'Made to group or to evaluate faces' });
    await left.getByRole('link', { name: 'rekollect-group-1' }).waitFor();
    expect(await left.count()).toBe(1);
  });

  it.each([
    ['is stopped', (page: Page) => page.getByRole('button', { name: 'Stop' }).click()],
    ['is left', (page: Page) => page.getByRole('link', { name: 'People' }).click()],
  ])('deletes what it made to compare faces when it %s', async (_, end) => {
    const { page, vision, collections } = await openGroups();
    const { folder } = await aFolder(vision, { '1.png': ['ada'], '2.png': ['ada'] });
    let letGo = () => {};
    const ended = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const isIndexing = page.waitForRequest((request) =>
      Boolean(request.headers()['x-amz-target']?.endsWith('.IndexFaces')),
    );
    await page.route('**/', async (route) => {
      if (route.request().headers()['x-amz-target']?.endsWith('.IndexFaces')) await ended;
      // It was given up by then.
      await route.continue().catch(() => {});
    });
    await chooseFolder(page, folder);
    await isIndexing;
    expect(await collections()).toHaveLength(2);
    await end(page);
    letGo();
    await vi.waitFor(async () => expect(await collections()).toEqual(['team']), { timeout: 30_000 });
  });
});
