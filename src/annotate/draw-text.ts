import { loadSharp } from '../images/load-sharp.js';
import { LABEL_FONT, startFontconfig } from './label-font.js';

/** Text as pixels: how much of each is covered, 0 to 255, row by row, `width · height` bytes. */
export interface TextMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** What is written, shortened as it is there. */
  readonly text: string;
}

/** @param fontSize in pixels */
export async function drawText(text: string, fontSize: number): Promise<TextMask> {
  await startFontconfig();
  const sharp = await loadSharp();
  const { data, info } = await sharp({
    text: {
      text: escapeMarkup(text),
      font: `${LABEL_FONT.family} ${fontSize}`,
      fontfile: LABEL_FONT.file,
      // At 72 dots per inch a point is a pixel.
      dpi: 72,
    },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, text };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The text is read as Pango markup, and a name must never be. */
function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character]!);
}
