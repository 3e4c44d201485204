import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the page before tests, unless what is built is newer than its source, which is all of the library's. */
export default async function buildPage(): Promise<void> {
  const built = statSync('dist/ui/index.html', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = readdirSync('src', { recursive: true, encoding: 'utf8' }).map(
    (path) => statSync(join('src', path)).mtimeMs,
  );
  if (Math.max(...changed) > built) await build({ configFile: 'src/ui/vite.config.ts', logLevel: 'warn' });
}
