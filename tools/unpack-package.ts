import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * `npm` is a name and a version; `debian` a name alone, as the machine's release has it, and perhaps the path of an
 * archive in it, which is unpacked too.
 */
export type PackageName = { npm: string } | { debian: string; archive?: string };

/**
 * Fetches a package and unpacks it in an empty folder, which must be there; none of its code runs.
 *
 * @returns the paths of its files, sorted
 * @throws Error when it cannot be fetched: there is no network, or no `apt-get`
 */
export async function unpackPackage(name: PackageName, folder: string): Promise<string[]> {
  if ('npm' in name) {
    await run('npm', ['pack', name.npm, '--silent', '--pack-destination', folder]);
    const archive = await onlyFile(folder, '.tgz');
    await run('tar', ['-xzf', archive, '-C', folder]);
  } else {
    await run('apt-get', ['download', name.debian], { cwd: folder });
    await run('dpkg-deb', ['-x', await onlyFile(folder, '.deb'), folder]);
    if (name.archive !== undefined) await run('tar', ['-xf', join(folder, name.archive), '-C', folder]);
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function onlyFile(folder: string, ending: string): Promise<string> {
  const [name] = (await readdir(folder)).filter((each) => each.endsWith(ending));
  if (name === undefined) throw new Error(`Nothing that ends with ${ending} was fetched.`);
  return join(folder, name);
}
