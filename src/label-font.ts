import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

// This file lies directly in src and the built ones directly in dist, so that ../src/fonts is right for both.
const inFonts = (name: string) => fileURLToPath(new URL(`../src/fonts/${name}`, import.meta.url));

/**
 * The font of labels. It comes along, for a server or a slim container has none. DejaVu has the Latin, Greek,
 * Cyrillic, Armenian, Georgian, Hebrew and Arabic letters; others are taken from the fonts of the machine, if any.
 */
export const LABEL_FONT = {
  family: 'DejaVu Sans Condensed Bold',
  file: inFonts('DejaVuSansCondensed-Bold.ttf'),
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
  process.env.FONTCONFIG_FILE = inFonts('fonts.conf');
  try {
    await sharp({ text: { text: '.', font: LABEL_FONT.family, fontfile: LABEL_FONT.file } }).toBuffer();
  } finally {
    if (file === undefined) delete process.env.FONTCONFIG_FILE;
    else process.env.FONTCONFIG_FILE = file;
  }
}
