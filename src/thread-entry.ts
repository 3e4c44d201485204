import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownFile, thisFile } from './packages.js';

/**
 * The entry of a thread or process: TypeScript where this runs from source, as in tests and examples,
 * else what was built of it.
 *
 * @param source its path in `src`, without `.ts`
 * @throws MissingPackageError as `ownFile` does
 */
export function threadEntry(source: string): URL {
  const isSource = extname(thisFile()) === '.ts';
  return pathToFileURL(ownFile(isSource ? `src/${source}.ts` : `dist/${basename(source)}.js`));
}
