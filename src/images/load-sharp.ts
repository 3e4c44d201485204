/** What decodes and encodes images. Loaded with the first one, for it takes as long to load as the SDK. */
export async function loadSharp() {
  return (await import('sharp')).default;
}
