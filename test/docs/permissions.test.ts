import { readFileSync } from 'node:fs';
import { FaceCollection, type FaceCollectionOptions, fromBuffer, type ImageSource } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

/** Rows of the table: methods, the actions that they take, and those that they may take. */
const ROWS = Array.from(
  readFileSync('docs/permissions.md', 'utf8').matchAll(/^\| (`.+`) \| (.+) \| (.*) ?\|$/gm),
  ([, methods, always, sometimes]) => ({
    methods: inCode(methods!),
    always: inCode(always!).filter(isAction),
    sometimes: inCode(sometimes!).filter(isAction),
  }),
);

const vision = declaredFaces();
const local = new LocalRekognition({ vision });
afterAll(() => local.close());
// What AWS offers, too: `send` alone.
const client: FaceCollectionOptions['client'] = { send: (command, options) => local.send(command, options) };

let called: Set<string>;
let team: FaceCollection;
let other: FaceCollection;
let adas: ImageSource[];
let faceId: string;

beforeEach(async () => {
  team = new FaceCollection('team', { client, onCall: ({ operation }) => called.add(operation) });
  called = new Set();
  await team.delete();
  await team.create();
  other = new FaceCollection('other', { client, onCall: ({ operation }) => called.add(operation) });
  await other.delete();
  await other.create();
  adas = await photosOf('ada');
  const { associated } = await team.enrollUser('ada', adas);
  faceId = associated[0]!.faceId;
});

const photoOf = async (person: string): Promise<ImageSource> => fromBuffer(await vision.photo([{ person }]));
const photosOf = async (person: string) => [await photoOf(person), await photoOf(person)];

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

/** Each method as it is called every day. */
const CALLS: Record<string, () => Promise<unknown>> = {
  create: () => team.create(),
  describe: () => team.describe(),
  delete: () => team.delete(),
  'FaceCollection.list': () =>
    drain(FaceCollection.list({ client, onCall: ({ operation }) => called.add(operation) })),
  createUser: () => team.createUser('bob'),
  listUsers: () => drain(team.listUsers()),
  deleteUser: () => team.deleteUser('ada'),
  waitForUser: () => team.waitForUser('ada'),
  eraseUser: () => team.eraseUser('ada'),
  enrollUser: async () => team.enrollUser('bob', await photosOf('bob')),
  enrollMany: async () => team.enrollMany([{ userId: 'bob', images: await photosOf('bob') }]),
  enrollEach: async () => drain(team.enrollEach([{ userId: 'bob', images: await photosOf('bob') }])),
  planEnrollment: async () => team.planEnrollment([{ userId: 'bob', images: await photosOf('bob') }]),
  auditUsers: () => team.auditUsers(),
  auditEach: () => drain(team.auditEach()),
  planAudit: () => team.planAudit(),
  mergeUsers: async () => {
    await team.createUser('ada-2');
    called.clear();
    await team.mergeUsers('ada', 'ada-2');
  },
  moveFaces: () => team.moveFaces([faceId], 'bob'),
  moveCollection: () => team.moveCollection(other, adas),
  planMove: () => team.planMove(other, adas),
  indexFaces: async () => team.indexFaces(await photoOf('bob')),
  listFaces: () => drain(team.listFaces()),
  deleteFaces: () => team.deleteFaces([faceId]),
  detectFaces: async () => team.detectFaces(await photoOf('bob')),
  compareFaces: async () => team.compareFaces(await photoOf('bob'), await photoOf('bob')),
  associate: () => team.associate('ada', [faceId]),
  disassociate: () => team.disassociate('ada', [faceId]),
  searchFaces: async () => [await team.searchFaces({ faceId }), await team.searchFaces(await photoOf('ada'))],
  searchUsers: async () => [
    await team.searchUsers({ userId: 'ada' }),
    await team.searchUsers(await photoOf('ada')),
  ],
  searchPhoto: async () => team.searchPhoto(await photoOf('ada')),
  searchPhotos: async () => drain(team.searchPhotos([await photoOf('ada')])),
  groupFaces: async () => team.groupFaces(await photosOf('bob')),
};

describe('the rights of a method', () => {
  const methods = ROWS.flatMap(({ methods, ...actions }) =>
    methods.map((method) => ({ method, ...actions })),
  );

  it.each(methods)('$method are those that it takes', async ({ method, always, sometimes }) => {
    called.clear();
    await CALLS[method]!();
    expect([...called].filter((action) => !sometimes.includes(action)).sort()).toEqual(always.sort());
  });

  it('are said of each', () => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(FaceCollection.prototype));
    const own = members.flatMap(([name, { value }]) => (value && name !== 'constructor' ? name : []));
    expect(methods.map(({ method }) => method).sort()).toEqual([...own, 'FaceCollection.list'].sort());
  });
});

function inCode(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code!);
}

/** `SearchFaces`, and not `by: 'faces'`. */
function isAction(code: string): boolean {
  return /^[A-Z]\w+$/.test(code);
}
