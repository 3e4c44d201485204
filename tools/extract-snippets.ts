/*
 * Writes every block of TypeScript in README.md and docs/ as a module, for the compiler to check and for tests to run:
 *
 *     tsx tools/extract-snippets.ts
 *
 * A page tells one story: what a block declares, those below it may use. A block after a comment `<!-- not run: … -->`
 * is compiled and not run.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const TARGET = 'test/docs/snippets';
const BLOCK = /(<!-- not run: .+ -->\n)?```ts\n(.*?)```/gs;
/** What a block declares at its top: `const team = …`, `const { faces } = …`, `function people()`. */
const DECLARATION = /^(?:const|let|async function\*?|function\*?) (?:\{([^}]+)\}|(\w+))/gm;

await rm(TARGET, { recursive: true, force: true });
const pages = (await readdir('docs')).filter((name) => name.endsWith('.md'));
for (const page of ['README.md', ...pages.map((name) => join('docs', name))]) {
  const text = await readFile(page, 'utf8');
  let number = 0;
  for (const [, notRun, code] of text.matchAll(BLOCK)) {
    const names = Array.from(code!.matchAll(DECLARATION), ([, several, one]) =>
      several ? several.split(',').map((name) => name.split(':').at(-1)!.trim()) : [one!],
    ).flat();
    number += 1;
    const folder = join(TARGET, basename(page, '.md'));
    await mkdir(folder, { recursive: true });
    const name = `${String(number).padStart(2, '0')}${notRun ? '.not-run' : ''}.ts`;
    await writeFile(join(folder, name), `${code}\nexport { ${names.join(', ')} };\n`);
  }
}
