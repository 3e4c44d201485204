import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

// This file lies directly in src because the built files lie directly in dist: ../fonts is right for both.
const inFonts = (name: string) => fileURLToPath(new URL(`../fonts/${name}`, import.meta.url));

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
 * has no configuration for it. Where that is so, it is shown one of ours for the moment in which it starts.
 */
export function startFontconfig(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  const { FONTCONFIG_PATH = '/etc/fonts', FONTCONFIG_FILE = 'fonts.conf' } = process.env;
  if (process.platform !== 'linux' || existsSync(resolve(FONTCONFIG_PATH, FONTCONFIG_FILE))) return;
  const before = process.env.FONTCONFIG_FILE;
  process.env.FONTCONFIG_FILE = inFonts('fonts.conf');
  try {
    await sharp({ text: { text: '.', font: LABEL_FONT.family, fontfile: LABEL_FONT.file } }).toBuffer();
  } finally {
    if (before === undefined) delete process.env.FONTCONFIG_FILE;
    else process.env.FONTCONFIG_FILE = before;
  }
}
