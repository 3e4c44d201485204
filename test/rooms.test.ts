import { readFileSync } from 'node:fs';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const drawing = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8');

/** The rows of its table of rooms: name, what lives there, what it may import. */
const rooms = Array.from(drawing.matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm), ([, name, imports]) => ({
  name: name!,
  mayImport: imports!.split(', '),
})).filter(({ name }) => !/^(Room|---)$/.test(name));

describe('the rooms of src', () => {
  it('are all in the drawing, and import what it allows', async () => {
    const drawn = rooms.flatMap(({ name }) => pathsOf(name));
    const forbidden = [
      { name: 'no cycles', from: {}, to: { circular: true } },
      { name: 'in no room', from: { path: '^src/', pathNot: drawn }, to: {} },
      ...rooms.map(({ name, mayImport }) => ({
        name: `not for ${name}`,
        from: { path: pathsOf(name) },
        to: { path: '^src/', pathNot: [name, ...mayImport].flatMap(pathsOf) },
      })),
      // Which is allowed, and shows that rooms are really looked at.
      { name: 'no errors', from: { path: '^src/images/crop-plan' }, to: { path: '^src/errors' } },
    ];
    expect(await violationsOf(forbidden)).toEqual([
      'no errors: src/images/crop-plan.ts imports src/errors.ts',
    ]);
  });
});

/** `images/` is all of a folder, `local/*` the files in it, and `shared` the files that the drawing lists by that name. */
function pathsOf(name: string): string[] {
  const [, listed] = /^`?shared`?: (.+)$/.exec(name) ?? [];
  if (listed) return listed.split(', ').flatMap(pathsOf);
  if (name === 'shared') return pathsOf(rooms.find((room) => room.name.startsWith('shared: '))!.name);
  const path = name.replaceAll('`', '').replace('*', '[^/]+');
  return [`^src/${path}${path.endsWith('/') ? '' : '\\.ts$'}`];
}

async function violationsOf(forbidden: IForbiddenRuleType[]): Promise<string[]> {
  const { output } = await cruise(['src'], {
    // Types count too: whoever knows a room's types knows the room.
    tsPreCompilationDeps: true,
    doNotFollow: 'node_modules',
    validate: true,
    ruleSet: { forbidden },
  });
  const { violations } = (output as ICruiseResult).summary;
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
}
