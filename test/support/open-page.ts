import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { LocalRekognition, type LocalRekognitionOptions } from 'rekollect/local';
import { type ServeOptions, serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';
import { onTestFinished } from 'vitest';

/** The page as `rekollect ui` opens it, in a browser window of its own, on an engine that sees declared faces. */
export async function openPage(
  browser: Browser,
  { engine, ...options }: ServeOptions & { engine?: LocalRekognitionOptions } = {},
) {
  const vision = declaredFaces();
  const client = new LocalRekognition({ vision, ...engine });
  const server = await serve({ client, port: 0, ui: true, ...options });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  onTestFinished(async () => {
    await context.close();
    await server.close();
    await client.close();
  });
  const page = await context.newPage();
  /** What the browser has to complain of, as scripts and pictures that the policy stops. */
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.pageUrl!);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, server, client, vision, complaints };
}

/** What a reader with a screen reader or a keyboard stumbles over, as axe finds it. */
export async function obstacles(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
