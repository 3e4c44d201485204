import { Option } from '@commander-js/extra-typings';
import type { FaceMatch, FaceSearch, UserMatch } from '../../index.js';
import { number, onCollection } from '../command.js';
import { eachPhoto } from '../each-photo.js';
import { untilInterrupted } from '../interruption.js';
import { answer, inBold } from '../output.js';
import { Pictures } from '../pictures.js';
import { withCollection } from '../place.js';
import { nameOf } from '../user-names.js';

export const search = () =>
  onCollection('search', 'tell who is in photos', [
    'rekollect search party.jpg',
    'rekollect search party.jpg --annotate out/               names on the picture, in out/',
    'rekollect search album/ --threshold 99 --suggest 80      who is it surely, and who maybe?',
    'rekollect search *.jpg --json | jq -r ".faces[].matches[0].userId"',
  ])
    .argument('<photos...>', 'files, folders, s3://bucket/key or s3://bucket/folder/')
    .option('--annotate <folder>', 'write pictures with boxes and names there, as party.annotated.jpg')
    .option('--threshold <similarity>', 'the weakest match, 0 to 100; default: 80', number('threshold'))
    .option('--suggest <similarity>', 'also suggest who is as alike as this', number('suggest'))
    .option(
      '--margin <points>',
      'how far the most alike must be ahead of the next; default: 0',
      number('margin'),
    )
    .addOption(
      new Option('--by <what>', 'compare with users, or with single faces')
        .choices(['users', 'faces'] as const)
        .default('users' as const),
    )
    .option('--unique', 'nobody is twice in a photo')
    .action(async (given, options) => {
      const { annotate: folder, threshold, suggest: suggestionThreshold, margin, by, unique } = options;
      const signal = untilInterrupted();
      const request = { threshold, suggestionThreshold, margin, by, uniqueUsers: unique, signal };
      const pictures = folder === undefined ? undefined : new Pictures(folder, '.annotated.jpg');
      let isAnybodyNamed = false;
      let isAnyFaceFailed = false;
      const { hasFailed } = await withCollection(options, { photos: true }, async (collection) => {
        const { annotate } = await import('../../index.js');
        return eachPhoto(given, options, signal, async (photo) => {
          const { faces } = await collection.searchPhoto(photo, request);
          isAnybodyNamed ||= faces.some(({ status }) => status === 'matched');
          isAnyFaceFailed ||= faces.some(({ status }) => status === 'failed');
          const annotated = await pictures?.write(photo.name, await annotate(photo, faces, { signal }));
          const found = { photo: photo.name, faces, ...(annotated !== undefined && { annotated }) };
          return answer(options, found, inWords(found));
        });
      });
      if (hasFailed || isAnyFaceFailed) process.exitCode = 1;
      else if (!isAnybodyNamed) process.exitCode = 3;
    });

function inWords(found: { photo: string; faces: readonly FaceSearch[]; annotated?: string }): string[] {
  const { photo, faces, annotated } = found;
  const fromTheLeft = [...faces].sort((a, b) => a.face.boundingBox.left - b.face.boundingBox.left);
  return [
    ...(faces.length === 0
      ? [`${photo}: no face`]
      : fromTheLeft.map((face) => `${photo}: ${faceInWords(face)}`)),
    ...(annotated === undefined ? [] : [`${photo}: see ${annotated}`]),
  ];
}

function faceInWords(face: FaceSearch): string {
  switch (face.status) {
    case 'matched':
      return inBold(named(face.matches[0]));
    case 'ambiguous':
      return `${face.between.map(named).join(' or ')}?`;
    case 'suggested':
      return `maybe ${named(face.suggestions[0])}`;
    case 'unmatched':
      return face.reason === 'NOBODY_ALIKE' ? 'unknown' : 'unknown: who is like this is another face of it';
    case 'unsearchable':
      return `not searched: ${face.reason}`;
    default:
      return `failed: ${face.error.message}`;
  }
}

function named(match: FaceMatch | UserMatch): string {
  const { userId, similarity } = match;
  const name = userId === undefined ? `face ${'faceId' in match ? match.faceId : ''}` : nameOf(userId);
  return `${name} ${similarity.toFixed(1)} %`;
}
