const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const STRUCTURE = new Set(Buffer.from('[{:,'));

/**
 * Whether JSON has more opening brackets, opening braces, colons and commas than this, however they are nested. It is
 * not parsed for that: strings, which are nearly all of an image's request, are skipped.
 */
export function hasMoreParts(json: Buffer, most: number): boolean {
  let parts = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      at = endOfString(json, at);
      if (at === -1) return false;
    } else if (STRUCTURE.has(byte) && ++parts > most) {
      return true;
    }
  }
  return false;
}

/** Where the string that begins here has its closing quote, or -1. */
function endOfString(json: Buffer, start: number): number {
  let end = json.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
  return end;
}

function isEscaped(json: Buffer, at: number): boolean {
  let before = at - 1;
  while (json[before] === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}
