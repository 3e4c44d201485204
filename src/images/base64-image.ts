/** How images begin in base64: JPEG, PNG, GIF, WebP, and HEIC and AVIF, whose first box has a length of some bytes. */
const BEGINNINGS = /^([/_]9j[/_]|iVBORw0KGgo|R0lGOD|UklGR|AAAA.{4}Z0eX)/;

/** Enough of a text to tell that all of it is base64 and it is no path, nor a file that happens to begin so. */
const SAMPLE = 64;

/** Whether a text is an image in base64, in either alphabet, instead of the image itself or a path to it. */
export function isBase64Image(text: string): boolean {
  const sample = text.slice(0, SAMPLE);
  return sample.length === SAMPLE && BEGINNINGS.test(sample) && /^[\w+/=\r\n-]+$/.test(sample);
}
