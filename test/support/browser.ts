import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, and others, put Chromium. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real browser. Undefined where none is installed: `apt-get install chromium`. */
export const browserPath: string | undefined = PLACES.find((path) => existsSync(path));

export function openBrowser(): Promise<Browser> {
  // Root, which containers run as, has no sandbox; and no machine that runs tests has a camera.
  return chromium.launch({
    executablePath: browserPath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}
