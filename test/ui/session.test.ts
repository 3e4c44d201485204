import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { serve } from 'rekollect/server';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { browserPath, openBrowser } from '../support/browser.js';
import { openPage } from '../support/open-page.js';

describe.skipIf(!browserPath)('a session of the page (where Chromium is installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });

  it('begins with the token, which leaves the address at once, and outlives a reload', async () => {
    const { page, server } = await openPage(browser);
    expect(page.url()).toBe(`${server.url}/`);
    await page.reload();
    await page.getByRole('heading', { name: 'Collections' }).waitFor();
    expect(await page.title()).toBe('Collections · Rekollect');
  });

  it('shows nothing to whoever comes without', async () => {
    const { page, server } = await openPage(browser);
    const other = await (await browser.newContext()).newPage();
    onTestFinished(() => other.context().close());
    await other.goto(server.url);
    await other.getByText('it opens only by the address that').waitFor();
    await other.goto(page.url());
    await other.getByText('it opens only by the address that').waitFor();
  });

  it('says what to do when the server was started again, and when it is gone', async () => {
    const { page, server, client } = await openPage(browser);
    await server.close();
    await page.getByRole('button', { name: 'New collection' }).click();
    await page.getByLabel('Its name').fill('team');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('alert').filter({ hasText: 'The server does not answer. Start it again' }).waitFor();

    const again = await serve({ client, ui: true, port: Number(new URL(server.url).port) });
    onTestFinished(() => again.close());
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('alert').filter({ hasText: 'The server was started again' }).waitFor();
  });

  it('cannot be used by the page of another site, nor be shown in its frames', async () => {
    const { server } = await openPage(browser);
    const elsewhere = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<iframe src="${server.pageUrl}"></iframe>`);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void elsewhere.close());
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const other = await (await browser.newContext()).newPage();
    onTestFinished(() => other.context().close());
    const complaints: string[] = [];
    other.on('console', (message) => complaints.push(message.text()));
    await other.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const asked = await other.evaluate<string>(`
      fetch('${server.url}', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'RekognitionService.ListCollections' },
        body: '{}',
      }).then(() => 'answered', () => 'refused')`);
    expect(asked).toBe('refused');
    await expect.poll(() => complaints.join()).toMatch(/frame-ancestors/);
  });
});
