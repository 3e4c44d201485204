import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadSharp } from '../images/load-sharp.js';
import { ownFile } from '../packages.js';

/**
 * The font of labels. It comes along, for a server or a slim container has none. DejaVu has the Latin, Greek,
 * Cyrillic, Armenian, Georgian, Hebrew and Arabic letters; others are taken from the fonts of the machine, if any.
 */
export const LABEL_FONT = {
  family: 'DejaVu Sans Condensed Bold',
  /** Looked for when text is drawn, for a bundle may not have it. Fontconfig would draw boxes and not complain. */
  get file(): string {
    return ownFile('src/annotate/font/DejaVuSansCondensed-Bold.ttf');
  },
};

let started: Promise<void> | undefined;

/**
 * Has to be awaited before text is drawn. Fontconfig, which sharp finds fonts with, complains on stderr when a machine
 * has no configuration for it, as slim containers have none. There it is shown one of ours while it starts.
 */
export function startFontconfig(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  const { FONTCONFIG_PATH: folders, FONTCONFIG_FILE: file } = process.env;
  const isConfigured = folders !== undefined || existsSync(resolve('/etc/fonts', file ?? 'fonts.conf'));
  if (process.platform !== 'linux' || isConfigured) return;
  const sharp = await loadSharp();
  process.env.FONTCONFIG_FILE = ownFile('src/annotate/font/fonts.conf');
  try {
    await sharp({ text: { text: '.', font: LABEL_FONT.family, fontfile: LABEL_FONT.file } }).toBuffer();
  } finally {
    if (file === undefined) delete process.env.FONTCONFIG_FILE;
    else process.env.FONTCONFIG_FILE = file;
  }
}
