import { join } from 'node:path';
import type { FaceGroup, FaceGroups } from '../../index.js';
import { number, onCollection, wholeNumber } from '../command.js';
import { problemWith } from '../failure.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted, warn } from '../output.js';
import { photosOf } from '../photos.js';
import { Pictures } from '../pictures.js';
import { withCollection } from '../place.js';
import { draw, wipe } from '../progress.js';

/** Photos of a person that are written, the most typical ones: a user takes a hundred faces. */
const MOST_PHOTOS = 100;
/** How much of the photo is cut out around a face, so that its neighbours are not. */
const MARGIN = 0.3;

export const group = () =>
  onCollection('group', 'find the people in photos whom nobody has named yet', [
    'rekollect group album/                          how many are there, and in which photos?',
    'rekollect group album/ --out people/            a folder of faces for each',
    'mv people/person-1 people/ada                   once you know who it is',
    'rekollect enroll people/                        and now they are known',
  ])
    .argument('<photos...>', 'files, folders, s3://bucket/key or s3://bucket/folder/')
    .option('--out <folder>', 'write the faces there, in person-1/, person-2/ …')
    .option('--all', 'group everybody, and not only those who are no users yet')
    .option(
      '--threshold <similarity>',
      'how alike the faces of a person are on average; default: 90',
      number('threshold'),
    )
    .option('--min-faces <number>', 'leave out who is on fewer; default: 2', wholeNumber('min-faces'))
    .action(async (given, options) => {
      const { out, all, threshold, minFaces = 2 } = options;
      const signal = untilInterrupted();
      await withCollection(options, { photos: true, collections: 'made' }, async (collection) => {
        await collection.create({ signal });
        const grouped = await collection.groupFaces(photosOf(given, options), {
          ...{ faces: all ? 'all' : 'unknown', threshold, signal },
          onProgress: ({ photos, faces, compared }) =>
            compared > 0
              ? draw({ done: compared, total: faces, latest: 'faces compared' })
              : draw({ done: photos, latest: 'photos' }),
        });
        wipe();
        const groups = grouped.groups.filter(({ faces }) => faces.length >= minFaces);
        for (const [index, each] of groups.entries()) {
          const name = `person-${index + 1}`;
          const written = out === undefined ? [] : await writeFaces(each, join(out, name), signal);
          const photos = [...new Set(each.faces.map(({ photo }) => photo.name))];
          const person = { name, faces: each.faces.length, photos, cover: each.cover.photo.name, written };
          if (!answer(options, person, inWords(person))) return;
        }
        answer(options, numbersOf(grouped), numbersInWords(grouped));
        for (const { photo, error } of grouped.failed) warn(options, problemWith(photo, error));
        if (grouped.failed.length > 0) process.exitCode = 1;
        else if (groups.length === 0) process.exitCode = 3;
      });
    });

/** @returns where, the face to show first */
async function writeFaces(
  { cover, faces }: FaceGroup,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { cropFace } = await import('../../index.js');
  const pictures = new Pictures(folder, '.face.jpg');
  const written: string[] = [];
  const others = faces.filter((face) => face.photo !== cover.photo || face.face !== cover.face);
  for (const { photo, face } of [cover, ...others].slice(0, MOST_PHOTOS)) {
    signal.throwIfAborted();
    written.push(await pictures.write(photo.name, await cropFace(photo, face, { margin: MARGIN }).read()));
  }
  return written;
}

function inWords(person: {
  name: string;
  faces: number;
  photos: string[];
  cover: string;
  written: string[];
}) {
  const { name, faces, photos, cover, written } = person;
  return `${name}: ${counted(faces, 'face')} in ${counted(photos.length, 'photo')}; look at ${written[0] ?? cover}`;
}

function numbersOf({ groups, singles, ungrouped, known, failed }: FaceGroups) {
  return {
    ...{ groups: groups.length, singles: singles.length, ungrouped: ungrouped.length },
    ...{ known, failed: failed.length },
  };
}

function numbersInWords({ groups, singles, ungrouped, known }: FaceGroups): string {
  const all = [
    counted(groups.length, 'person', 'people'),
    `${singles.length} seen once`,
    `${counted(ungrouped.length, 'face')} too poor`,
    `${counted(known, 'face')} of users`,
  ];
  return all.join(', ');
}
