import type { Browser } from 'playwright-core';
import { FaceCollection } from 'rekollect';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { obstacles, openPage } from '../support/open-page.js';

describe.skipIf(!browserPath)('the page of collections (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  it('makes one, shows what it holds, and deletes it', async () => {
    const { page, client, complaints } = await openPage(browser);
    await page.getByText('There is no collection yet.').waitFor();
    await page.getByRole('button', { name: 'New collection' }).click();
    await page.getByLabel('Its name').fill('team');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('navigation', { name: 'Collection team' }).waitFor();
    expect(await new FaceCollection('team', { client }).describe()).toMatchObject({ userCount: 0 });

    await page.getByRole('link', { name: 'Rekollect' }).click();
    await page.getByText('0 people, 0 faces').waitFor();
    expect(await obstacles(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete all' }).click();
    await page.getByText('There is no collection yet.').waitFor();
    await expect(new FaceCollection('team', { client }).describe()).rejects.toThrow('team');
    expect(complaints).toEqual([]);
  });

  it('says what is wrong with a name, and keeps what was typed', async () => {
    const { page } = await openPage(browser);
    await page.getByRole('button', { name: 'New collection' }).click();
    await page.getByLabel('Its name').fill('a/b');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('alert').filter({ hasText: 'a/b' }).waitFor();
    expect(await page.getByLabel('Its name').inputValue()).toBe('a/b');
  });
});
