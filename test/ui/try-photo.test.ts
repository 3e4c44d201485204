import type { Browser, Page } from 'playwright-core';
import { FaceCollection, fromBuffer } from 'rekollect';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { obstacles, openPage } from '../support/open-page.js';

describe.skipIf(!browserPath)('a photo in the page (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  /** The page with a photo of Ada, whose user and face are known, and Grace, who is nobody yet. */
  async function openWithPhoto(people: readonly string[] = ['ada', 'grace']) {
    const opened = await openPage(browser);
    const { page, client, vision } = opened;
    const team = new FaceCollection('team', { client });
    await team.create();
    await team.enrollUser('Ada::Lovelace', [fromBuffer(await vision.photo(['ada']))]);
    await page.goto(`${opened.server.url}/#/team/photo`);
    await choose(page, 'party.jpg', await vision.photo(people));
    return { ...opened, team };
  }

  it('names whom it knows, by faces and by users, and judges anew without searching when the threshold moves', async () => {
    const calls: string[] = [];
    const { page, complaints } = await openWithPhoto();
    await page.getByText('There are 2 faces in this photo.').waitFor();
    for (const label of ['By faces', 'By users'])
      await page.getByRole('figure', { name: label }).getByText('1 of 2 named').waitFor();
    const names = page.locator('.overlay title');
    await expect.poll(() => names.allTextContents()).toContain('Ada Lovelace 100.0 %');
    expect(await obstacles(page)).toEqual([]);

    page.on('request', ({ method }) => calls.push(method()));
    await page.getByLabel('Threshold, 0 to 100').fill('100');
    await page.getByRole('figure', { name: 'By users' }).getByText('0 of 2 named').waitFor();
    await expect.poll(() => names.allTextContents()).not.toContain('Ada Lovelace 100.0 %');
    await page.getByRole('button', { name: '80' }).click();
    await page.getByRole('figure', { name: 'By users' }).getByText('1 of 2 named').waitFor();
    expect(calls).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('enrols a face that nobody knows, and knows it from then on', async () => {
    const { page, team } = await openWithPhoto();
    await page.getByRole('button', { name: /Name face/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    expect(await obstacles(page)).toEqual([]);
    await page.getByRole('button', { name: 'Enrol' }).click();
    await page.getByText('Grace Hopper is enrolled.').waitFor();
    await page.getByRole('figure', { name: 'By users' }).getByText('2 of 2 named').waitFor();
    expect(await team.describe()).toMatchObject({ userCount: 2, faceCount: 2 });
  });

  it('takes a photo that is pasted or dropped, and one of the camera', async () => {
    const { page, vision } = await openWithPhoto(['ada']);
    await page.getByText('There is one face in this photo.').waitFor();
    const bytes = Array.from(await vision.photo(['ada', 'ida', 'joan']));
    for (const event of ['paste', 'drop']) {
      await page.evaluate(transfer(event, bytes));
      await page.getByText('There are 3 faces in this photo.').waitFor();
      await choose(page, 'one.jpg', await vision.photo(['ada']));
      await page.getByText('There is one face in this photo.').waitFor();
    }
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByRole('button', { name: 'Take the picture' }).click();
    await page.getByText(/^Looking for faces in camera-/).waitFor();
  });

  it.each([
    ['text.jpg', Buffer.from('no image at all'), 'text.jpg'],
    ['empty.jpg', Buffer.alloc(0), 'it is empty'],
    [`<img src=x onerror=alert(1)>.png`, Buffer.from('GIF'), '<img src=x onerror=alert(1)>.png'],
  ])('says of %s why it is no photo', async (name, bytes, message) => {
    const { page } = await openPage(browser);
    await page.goto(new URL('/#/team/photo', page.url()).href);
    await choose(page, name, bytes);
    await page.getByRole('alert').filter({ hasText: message }).waitFor();
  });

  it('fits a narrow screen', async () => {
    const { page } = await openWithPhoto();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByText('There are 2 faces in this photo.').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

function choose(page: Page, name: string, buffer: Uint8Array): Promise<void> {
  const file = { name, mimeType: 'image/jpeg', buffer: Buffer.from(buffer) };
  return page.locator('input[type=file]').setInputFiles(file);
}

/** What a page does when a photo is pasted or dropped. */
function transfer(event: string, bytes: readonly number[]): string {
  return `
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.of(${bytes})], '${event}.jpg', { type: 'image/jpeg' }));
    document.querySelector('.drop').dispatchEvent('${event}' === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));`;
}
