import type { Comparison } from '../../index.js';
import { COLLECTION, number, onEngine } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted } from '../output.js';
import { photoOf } from '../photos.js';
import { withCollection } from '../place.js';

export const compare = () =>
  onEngine('compare', 'tell how alike the largest face of one photo is to the faces of another', [
    'rekollect compare passport.jpg selfie.jpg',
    'rekollect compare passport.jpg party.jpg --threshold 99',
  ])
    .argument('<photo>', 'whose largest face is compared')
    .argument('<other>', 'with all the faces of this photo')
    .option('--threshold <similarity>', 'the weakest match, 0 to 100; default: 80', number('threshold'))
    .action(async (photo, other, options) => {
      const { threshold } = options;
      const signal = untilInterrupted();
      // Comparing asks no collection, so any will do.
      const place = { ...options, collection: COLLECTION };
      await withCollection(place, { photos: true, collections: undefined }, async (collection) => {
        const [source, target] = [await photoOf(photo, options), await photoOf(other, options)];
        const comparison = await collection.compareFaces(source, target, { threshold, signal });
        answer(options, { photo, other, ...comparison }, inWords(comparison, photo, other));
      });
    });

function inWords(comparison: Comparison, photo: string, other: string): string {
  switch (comparison.status) {
    case 'matched': {
      const [{ similarity }] = comparison.matches;
      const others = comparison.unmatchedFaces.length;
      const beside = others > 0 ? `; ${counted(others, 'other face')} not` : '';
      return `The face of ${photo} is in ${other}: ${similarity.toFixed(1)} % alike${beside}`;
    }
    case 'unmatched':
      return `The face of ${photo} is not in ${other}: ${counted(comparison.unmatchedFaces.length, 'face')}, none alike enough`;
    default:
      return `Nothing to compare: ${comparison.reason}`;
  }
}
