import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Builds the page before tests, unless what is built is newer than its source, which is all of the library's. */
export default function buildPage(): void {
  const built = statSync('dist/ui/index.html', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = readdirSync('src', { recursive: true, encoding: 'utf8' }).map(
    (path) => statSync(join('src', path)).mtimeMs,
  );
  if (Math.max(...changed) <= built) return;
  // As it is published, and not as it would be built for a test.
  const { NODE_ENV: _, ...env } = process.env;
  execFileSync('npm', ['run', 'build:ui'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
