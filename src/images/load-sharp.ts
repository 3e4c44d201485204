import { MissingPackageError } from '../errors.js';
import { isInstalled, missingPackage } from '../packages.js';

/**
 * What decodes and encodes images. Loaded with the first one, for it takes as long to load as the SDK.
 *
 * @throws MissingPackageError when it is not installed, or not for this platform
 */
export async function loadSharp() {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    if (!isInstalled('sharp')) throw missingPackage('sharp', 'Reading images', cause);
    const platform = `@img/sharp-${process.platform}-${process.arch}`;
    throw new MissingPackageError(platform, 'sharp', 'npm install --include=optional sharp', { cause });
  }
}
