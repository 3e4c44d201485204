import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packs what was built, as it is published. The manifest of the repository is private, so that npm publishes nothing
 * that was not packed here: scripts are switched off, and npm itself would leave out what was not built.
 *
 * @param into the folder for the archive
 * @param dist what was built
 * @returns the path of the archive
 * @throws Error when something is not there that the manifest names
 */
export async function pack(into: string, dist = 'dist'): Promise<string> {
  const { private: _, scripts, devDependencies, overrides, ...manifest } = await readManifest();
  const published = { ...(await whereItLives()), ...manifest };
  const staged = await mkdtemp(join(tmpdir(), 'rekollect-'));
  try {
    for (const part of ['LICENSE', 'README.md', ...manifest.files]) {
      const from = part === 'dist' ? dist : part;
      if (existsSync(from)) await cp(from, join(staged, part), { recursive: true });
    }
    await writeFile(join(staged, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
    const missing = [...manifest.files, ...pathsIn(manifest)].filter(
      (path) => !existsSync(join(staged, path)),
    );
    if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')}. Run: npm run build`);
    const { stdout } = await run('npm', ['pack', staged, '--silent', '--pack-destination', staged]);
    const archive = resolve(into, 'rekollect.tgz');
    await cp(join(staged, stdout.trim()), archive);
    return archive;
  } finally {
    await rm(staged, { recursive: true });
  }
}

export async function readManifest() {
  return JSON.parse(await readFile('package.json', 'utf8'));
}

/** The files that a manifest names: entries, their types, commands. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('./') ? [value] : [];
  return value instanceof Object ? Object.values(value).flatMap(pathsIn) : [];
}

/** Where the repository came from, if that is a public address: as HTTPS, or as `git@host:owner/name.git`. */
async function whereItLives() {
  const { stdout } = await run('git', ['remote', 'get-url', 'origin']).catch(() => ({ stdout: '' }));
  const address = /^(?:https:\/\/(?:[^@/]+@)?|git@)([\w-]+(?:\.[\w-]+)+)[:/](.+?)(?:\.git)?$/;
  const [, host, path] = address.exec(stdout.trim()) ?? [];
  if (host === undefined) return {};
  const page = `https://${host}/${path}`;
  return {
    repository: { type: 'git', url: `git+${page}.git` },
    homepage: `${page}#readme`,
    bugs: `${page}/issues`,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await pack('.');
