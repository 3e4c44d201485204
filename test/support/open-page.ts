import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { FaceCollection } from 'rekollect';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { type ServeOptions, serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';
import { onTestFinished } from 'vitest';

/** The page as `rekollect ui` opens it, on an engine that sees declared faces. */
export async function openPage(
  browser: Browser,
  { engine, ...options }: ServeOptions & { engine?: LocalRekognitionOptions } = {},
) {
  const vision = declaredFaces();
  const client = new LocalRekognition({ vision, ...engine });
  const server = await serve({ client, port: 0, ui: true, ...options });
  const page = await (await contextOf(browser)).newPage();
  onTestFinished(async () => {
    await page.close();
    await server.close();
    await client.close();
  });
  /** What the browser has to complain of, as scripts and pictures that the policy stops. */
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.pageUrl!);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, server, client, vision, complaints };
}

/** A room of an empty collection. */
export async function openRoom(browser: Browser, room: string, heading: string) {
  const opened = await openPage(browser);
  const team = new FaceCollection('team', { client: opened.client });
  await team.create();
  await opened.page.evaluate(`location.hash = '#/team/${room}'`);
  await opened.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  return { ...opened, team };
}

export async function chooseFolder(page: Page, folder: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await chooser).setFiles(folder);
}

let context: Promise<BrowserContext> | undefined;

/** One for all tests of a process: each has a server, and so an origin, of its own, and a context takes half a second. */
function contextOf(browser: Browser): Promise<BrowserContext> {
  context ??= browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  return context;
}

/** What a reader with a screen reader or a keyboard stumbles over, as axe finds it, on light and on dark ground. */
export async function obstacles(page: Page): Promise<string[]> {
  // Its value would be all of axe, written out.
  await page.evaluate(`${axe.source}; undefined`);
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    for (const { id, nodes } of violations)
      found.push(`${colorScheme}, ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }
  return found;
}
