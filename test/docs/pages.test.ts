import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].concat(
  ['', 'pictures'].flatMap((folder) =>
    readdirSync(join('docs', folder)).flatMap((name) =>
      name.endsWith('.md') ? [join('docs', folder, name)] : [],
    ),
  ),
);
const read = (page: string) => readFileSync(page, 'utf8');

describe('a page of the documentation', () => {
  it.each(pages)('%s leads to nothing that is not there', (page) => {
    const broken = Array.from(read(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('is in the list of the README', () => {
    const listed = pages.filter(
      (page) => page.startsWith('docs/') && !read('README.md').includes(`](${page})`),
    );
    expect(listed).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('has every code, and nothing that is none', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('cli'),
    );
    const codes = sources.flatMap((name) =>
      Array.from(read(join('src', name)).matchAll(/readonly code = '(\w+)'/g), ([, code]) => code!),
    );
    const rows = read('docs/errors.md').matchAll(/^\| ([A-Z_`, ]+) \| `\w+Error`/gm);
    const listed = Array.from(rows, ([, cell]) => cell!.replaceAll('`', '').split(', ')).flat();
    expect(listed.sort()).toEqual(codes.sort());
  });
});

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
