import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, and others, put Chromium. The shell, which has no windows, takes a third of the time. */
const PLACES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** A real browser. Undefined where none is installed: `apt-get install chromium-headless-shell`. */
export const browserPath: string | undefined = PLACES.map((name) => `/usr/bin/${name}`).find((path) =>
  existsSync(path),
);

let browser: Promise<Browser> | undefined;

/** One for all files that share a process, with which it ends. */
export function openBrowser(): Promise<Browser> {
  // Root, which containers run as, has no sandbox; and no machine that runs tests has a camera.
  browser ??= chromium.launch({
    executablePath: browserPath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
  return browser;
}
