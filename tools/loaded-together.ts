import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Makes one chunk of files, where esbuild would make one for each set of entries that share some of them. Loading a
 * chunk takes longer than reading what little most of them would hold.
 *
 * @param imports by file, what whoever loads it loads as well, as that file would import it
 */
export function loadedTogether(imports: Readonly<Record<string, readonly string[]>>): Plugin {
  const added = new Map(
    Object.entries(imports).map(([file, names]) => [
      resolve(file),
      names.map((name) => `\nimport '${name}';`).join(''),
    ]),
  );
  return {
    name: 'loaded-together',
    setup(build) {
      // esbuild says that nothing comes of an import of what has no side effects. It goes by it when it makes chunks.
      build.initialOptions.logOverride = { 'ignored-bare-import': 'silent' };
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const more = added.get(path);
        return more === undefined
          ? undefined
          : { contents: (await readFile(path, 'utf8')) + more, loader: 'ts' };
      });
    },
  };
}
