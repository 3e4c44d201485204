import { Answers, type OwnedMatch } from '../../src/evaluation/accuracy.js';
import type {
  Evaluation,
  FailedProbe,
  Probe,
  ProbeAnswer,
  ProbeSearch,
} from '../../src/evaluation/evaluation.js';
import { randomNumbers } from '../../src/evaluation/random.js';

interface Made {
  /** Users of the collection, each searched for with so many photos. */
  people?: number;
  photosPerPerson?: number;
  /** Each searched for with one photo. */
  strangers?: number;
  thresholds?: readonly number[];
  facesPerUser?: readonly number[];
  failures?: readonly FailedProbe[];
  /** Put before the searches that are made up. They are in no rate. */
  searches?: readonly ProbeSearch[];
}

const FACES_PER_USER = 4;

/**
 * What an evaluation may come out as: the similarities are drawn, always the same, and all else follows from them. By
 * users true ones are higher and false ones lower, as in the article, the more so the more faces a user has.
 */
export function anEvaluation({
  failures = [],
  searches = [],
  facesPerUser = [],
  ...made
}: Made = {}): Evaluation {
  const { people = 200, photosPerPerson = 3, strangers = 300 } = made;
  const { searches: madeUp, ...accuracies } = searchesOf(made, FACES_PER_USER);
  return {
    collectionId: 'team',
    evaluatedAt: '2026-11-30T09:30:00.000Z',
    faceModelVersion: '7.0',
    collection: { users: people, faces: FACES_PER_USER * people },
    probes: {
      photos: people * photosPerPerson + strangers + failures.length + searches.length,
      people,
      strangers,
      enrolled: 0,
    },
    leftOut: [],
    searches: [...searches, ...madeUp],
    failures,
    ...accuracies,
    byFacesPerUser: facesPerUser.map((number) => {
      const { searches: _, ...ofThese } = searchesOf(made, number);
      return { facesPerUser: number, people, ...ofThese };
    }),
    calls: { SearchFacesByImage: { calls: madeUp.length, billed: madeUp.length, throttled: 0 } },
    seconds: 83.2,
  };
}

function searchesOf(
  { people = 200, photosPerPerson = 3, strangers = 300, thresholds = [80, 90, 99] }: Made,
  facesPerUser: number,
) {
  const random = randomNumbers(1);
  const request = { thresholds, falsePositiveIdentificationRates: [0.1, 0.01, 0.001] };
  const found = (each: number) => new Map(Array.from({ length: people }, (_, person) => [person, each]));
  const answers = { faces: new Answers(found(facesPerUser), request), users: new Answers(found(1), request) };
  const gain = Math.log2(facesPerUser);

  const searchFor = (person: number, probe: Probe): ProbeSearch => {
    const isStranger = probe.stranger !== undefined;
    // In logits. Some photos are hard, and then for both.
    const hard = random() < 0.05 ? 6 : 0;
    const own = 6 + 1.8 * normal(random) - hard;
    const others = Array.from({ length: Math.min(5, people) }, () => -0.5 + 1.2 * normal(random));
    const answer = (way: 'faces' | 'users', truer: number, falser: number): ProbeAnswer => {
      const matches: OwnedMatch[] = others.map((other) => {
        const owner = Math.floor(random() * people);
        return { owner, userId: `person-${owner}`, similarity: fromLogit(other - falser) };
      });
      const others_ = matches.filter(({ owner }) => owner !== person);
      const copies = isStranger ? 0 : way === 'faces' ? facesPerUser : 1;
      const owns = Array.from({ length: copies }, (_, copy) => ({
        owner: person,
        userId: `person-${person}`,
        similarity: fromLogit(own + truer - copy),
      }));
      const all = [...owns, ...others_].sort((a, b) => b.similarity - a.similarity);
      return answers[way].add({ person, isStranger }, all, false);
    };
    return {
      ...probe,
      faces: answer('faces', 0.4 * gain, 0),
      users: answer('users', 0.9 * gain, 0.4 * gain),
    };
  };

  const searches = [
    ...Array.from({ length: people * photosPerPerson }, (_, index) => {
      const person = Math.floor(index / photosPerPerson);
      const userId = `person-${person}`;
      return searchFor(person, { photoName: `${userId}/${1 + (index % photosPerPerson)}.jpg`, userId });
    }),
    ...Array.from({ length: strangers }, (_, index) => {
      const stranger = `stranger-${index}`;
      return searchFor(people + index, { photoName: `${stranger}/1.jpg`, stranger });
    }),
  ];
  return { searches, faces: answers.faces.accuracy(), users: answers.users.accuracy() };
}

function fromLogit(logit: number): number {
  return 100 / (1 + Math.exp(-logit));
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
