import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaceAnswer, FaceSearch } from '../../src/photo-search/face-search.js';
import { searchesOfUniqueUsers } from '../../src/photo-search/unique-users.js';
import { type OutcomeRequest, outcomeOf } from '../../src/service/outcomes.js';
import type { FaceMatch, UserMatch } from '../../src/types.js';

const face = { boundingBox: { left: 0, top: 0, width: 0.1, height: 0.1 } };

type Alike = Readonly<Record<string, number>>;

const matchesOf = (alike: Alike): UserMatch[] =>
  Object.entries(alike)
    .map(([userId, similarity]) => ({ userId, similarity }))
    .sort((a, b) => b.similarity - a.similarity);

const requestOf = (request: Partial<OutcomeRequest> = {}): OutcomeRequest => ({
  threshold: 80,
  margin: 0,
  limit: 10,
  ...request,
});

/** What a service would answer that is asked for these. */
const found = (row: Alike, { threshold, suggestionThreshold = threshold, best }: OutcomeRequest) =>
  matchesOf(row).filter(({ similarity }) => best || similarity >= suggestionThreshold);

const answersOf = (rows: readonly Alike[], request: OutcomeRequest): FaceAnswer<UserMatch>[] =>
  rows.map((row) => ({ face, status: 'searched', found: found(row, request) }));

const search = (rows: readonly Alike[], request?: Partial<OutcomeRequest>) =>
  searchesOfUniqueUsers(answersOf(rows, requestOf(request)), requestOf(request));

const shownIn = <Match extends FaceMatch | UserMatch>(found: FaceSearch<Match>): readonly Match[] => {
  if (found.status === 'matched') return found.matches;
  if (found.status === 'ambiguous') return found.between;
  return found.status === 'suggested' ? found.suggestions : [];
};

/** Each face in short: its status and whom it shows. */
const short = (searches: readonly FaceSearch<UserMatch>[]) =>
  searches.map((found) => [found.status, ...shownIn(found).map(({ userId }) => userId)].join(' '));

describe('users who are in a photo once', () => {
  it('go to the faces where all similarities add up to the most, and what a face lost is told', () => {
    const [first, second] = search([
      { ada: 99, bob: 98 },
      { ada: 97, bob: 81 },
    ]);
    expect(first).toEqual({
      status: 'matched',
      face,
      matches: [{ userId: 'bob', similarity: 98 }],
      taken: [{ match: { userId: 'ada', similarity: 99 }, byFace: 1 }],
    });
    expect(second).toMatchObject({
      status: 'matched',
      matches: [{ userId: 'ada', similarity: 97 }],
      taken: [{ match: { userId: 'bob', similarity: 81 }, byFace: 0 }],
    });
  });

  it('leave a face that is like nobody else unmatched, with the reason and the nearest who is left', () => {
    const [, second] = search([{ ada: 99 }, { ada: 90, bob: 60 }], { best: true });
    expect(second).toEqual({
      status: 'unmatched',
      face,
      best: { userId: 'bob', similarity: 60 },
      reason: 'TAKEN_BY_OTHER_FACES',
      taken: [{ match: { userId: 'ada', similarity: 90 }, byFace: 0 }],
    });
    expect(search([{ ada: 60 }])).toEqual([{ status: 'unmatched', face, reason: 'NOBODY_ALIKE' }]);
  });

  it('are suggested for no other face than their own', () => {
    const suggest = { threshold: 90, suggestionThreshold: 70 };
    expect(short(search([{ ada: 99 }, { ada: 80, bob: 75 }, { ada: 85 }], suggest))).toEqual([
      'matched ada',
      'suggested bob',
      'unmatched',
    ]);
    // Nobody was given anywhere, so both may be.
    expect(short(search([{ ada: 80 }, { ada: 75 }], suggest))).toEqual(['suggested ada', 'suggested ada']);
  });

  it('settle who a face is that is between one of them and somebody else', () => {
    expect(short(search([{ ada: 95, bob: 94.8 }, { bob: 99 }], { margin: 0.5 }))).toEqual([
      'matched ada',
      'matched bob',
    ]);
  });

  it('settle others in turn', () => {
    const rows = [{ ada: 95, bob: 94.8 }, { bob: 95, carl: 94.8 }, { carl: 99 }];
    expect(short(search(rows, { margin: 0.5 }))).toEqual(['matched ada', 'matched bob', 'matched carl']);
  });

  it('stay open where two faces are between the same two', () => {
    const rows = [
      { ada: 95, bob: 94.9 },
      { ada: 94.8, bob: 94.9 },
    ];
    expect(short(search(rows, { margin: 0.5 }))).toEqual(['ambiguous ada bob', 'ambiguous bob ada']);
    expect(search(rows, { margin: 0.5 })[0]).not.toHaveProperty('taken');
  });

  it('who are one of two faces, whichever it is, are no third one', () => {
    const rows = [
      { ada: 98, carl: 90 },
      { ada: 99, bob: 98.9 },
      { ada: 98.9, bob: 99 },
    ];
    const searches = search(rows, { margin: 0.5 });
    expect(short(searches)).toEqual(['matched carl', 'ambiguous ada bob', 'ambiguous bob ada']);
    expect(searches[0]?.taken).toEqual([{ match: { userId: 'ada', similarity: 98 }, byFace: 1 }]);
  });

  it('are those of the faces, when faces are searched; a stored face without a user is one person too', () => {
    const stored = (faceId: string, similarity: number, userId?: string): FaceMatch => ({
      faceId,
      similarity,
      ...(userId && { userId }),
    });
    const alike = [
      [stored('1', 99, 'ada'), stored('2', 98, 'ada'), stored('3', 90)],
      [stored('2', 97, 'ada'), stored('1', 96, 'ada'), stored('3', 95)],
      [stored('3', 94), stored('4', 93, 'bob')],
    ];
    const searches = searchesOfUniqueUsers<FaceMatch>(
      alike.map((matches) => ({ face, status: 'searched', found: matches })),
      requestOf(),
    );
    expect(searches).toMatchObject([
      { status: 'matched', matches: [{ faceId: '1' }, { faceId: '2' }] },
      { status: 'matched', matches: [{ faceId: '3' }], taken: [{ match: { faceId: '2' }, byFace: 0 }] },
      { status: 'matched', matches: [{ faceId: '4' }], taken: [{ match: { faceId: '3' }, byFace: 1 }] },
    ]);
  });

  it('leave faces alone that were not searched', () => {
    const failed: FaceAnswer<UserMatch> = { face, status: 'failed', error: new Error('throttled') };
    const [kept, ada] = searchesOfUniqueUsers(
      [failed, ...answersOf([{ ada: 99 }], requestOf())],
      requestOf(),
    );
    expect(kept).toEqual(failed);
    expect(ada).toMatchObject({ status: 'matched' });
  });
});

describe('whoever is in a photo', () => {
  const people = fc.constantFrom('ada', 'bob', 'carl', 'dora', 'eve');
  const rows = fc.array(fc.dictionary(people, fc.integer({ min: 70, max: 90 }), { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 6,
  });
  const requests = fc.record({
    margin: fc.constantFrom(0, 1, 3),
    best: fc.boolean(),
    suggestionThreshold: fc.constantFrom(undefined, 75),
  });
  const always = (check: (rows: Alike[], request: Partial<OutcomeRequest>) => void) =>
    fc.assert(fc.property(rows, requests, check), { numRuns: 500 });

  it('is given to one face at most, and shown at no other', () => {
    always((faces, request) => {
      const searches = search(faces, request);
      for (const [index, found] of searches.entries()) {
        if (found.status !== 'matched') continue;
        const elsewhere = searches.filter((_, other) => other !== index).flatMap(shownIn);
        expect(elsewhere.map(({ userId }) => userId)).not.toContain(found.matches[0].userId);
      }
    });
  });

  it('is so too where stored faces are searched, of which some belong to nobody', () => {
    const owners: Record<string, string | undefined> = { 1: 'ada', 2: 'ada', 3: 'bob', 4: 'carl' };
    const stored = fc.array(
      fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6'), fc.integer({ min: 80, max: 84 }), {
        noNullPrototype: true,
      }),
      { minLength: 1, maxLength: 6 },
    );
    const personOf = ({ userId, faceId }: FaceMatch) => userId ?? faceId;
    fc.assert(
      fc.property(stored, fc.constantFrom(0, 1, 3), (rows, margin) => {
        const answers = rows.map((row): FaceAnswer<FaceMatch> => {
          const matches = matchesOf(row).map(({ userId: faceId, similarity }): FaceMatch => {
            const userId = owners[faceId];
            return { faceId, similarity, ...(userId && { userId }) };
          });
          return { face, status: 'searched', found: matches };
        });
        const searches = searchesOfUniqueUsers(answers, requestOf({ margin }));
        for (const [index, one] of searches.entries()) {
          if (one.status !== 'matched') continue;
          const elsewhere = searches.filter((_, other) => other !== index).flatMap(shownIn);
          expect(elsewhere.map(personOf)).not.toContain(personOf(one.matches[0]));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is found so that no other way adds up to more, where all is clear', () => {
    always((faces) => {
      const searches = search(faces);
      fc.pre(searches.every(({ status }) => status !== 'ambiguous'));
      const total = searches.reduce(
        (sum, one) => sum + (one.status === 'matched' ? one.matches[0].similarity : 0),
        0,
      );
      const best = (rest: readonly Alike[], taken: readonly string[]): number => {
        const [first, ...others] = rest;
        if (!first) return 0;
        const ways = Object.entries(first).filter(([id, alike]) => alike >= 80 && !taken.includes(id));
        return Math.max(
          best(others, taken),
          ...ways.map(([id, alike]) => alike + best(others, [...taken, id])),
        );
      };
      expect(total).toBe(best(faces, []));
    });
  });

  it('is taken from a face by another that is matched with this user, or may be', () => {
    always((faces, request) => {
      const searches = search(faces, request);
      for (const [index, { taken = [] }] of searches.entries()) {
        for (const { match, byFace } of taken) {
          expect(byFace).not.toBe(index);
          expect(shownIn(searches[byFace]!).map(({ userId }) => userId)).toContain(match.userId);
          expect(match.similarity).toBe(faces[index]![match.userId]);
        }
      }
    });
  });

  it('is found as without uniqueUsers where no two faces are like one user', () => {
    always((faces, request) => {
      const apart = faces.map((row, index) =>
        Object.fromEntries(Object.entries(row).map(([userId, alike]) => [`${userId}-${index}`, alike])),
      );
      const plain = apart.map((row) => outcomeOf(found(row, requestOf(request)), requestOf(request)));
      expect(search(apart, request)).toEqual(
        plain.map((outcome) => ({
          face,
          ...outcome,
          ...(outcome.status === 'unmatched' && { reason: 'NOBODY_ALIKE' }),
        })),
      );
    });
  });

  it('is found the same in whatever order equals come', () => {
    always((faces, request) => {
      const reversed = faces.map((row) => Object.fromEntries(Object.entries(row).reverse()));
      const unordered = (searches: readonly FaceSearch<UserMatch>[]) =>
        searches.map((found) => [
          found.status,
          found.status === 'matched' && found.matches[0],
          new Set(shownIn(found).map(({ userId }) => userId)),
        ]);
      expect(unordered(search(reversed, request))).toEqual(unordered(search(faces, request)));
    });
  });
});
