import { Option } from '@commander-js/extra-typings';
import type { RedactedFace } from '../../index.js';
import { collect, number, onCollection } from '../command.js';
import { eachPhoto } from '../each-photo.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted } from '../output.js';
import { Pictures } from '../pictures.js';
import { withCollection } from '../place.js';
import { UsageError } from '../usage-error.js';
import { userIdOf } from '../user-names.js';

export const redact = () =>
  onCollection('redact', 'cover faces beyond undoing: all, or all but some', [
    'rekollect redact party.jpg --out covered/                   everybody; needs nobody enrolled',
    'rekollect redact party.jpg --keep ada --keep bob --out covered/',
    'rekollect redact album/ --only ada --cover fill --out covered/',
  ])
    .argument('<photos...>', 'files, folders, s3://bucket/key or s3://bucket/folder/')
    .requiredOption('--out <folder>', 'where the pictures are written, as party.redacted.jpg')
    .option('--keep <user>', 'whose face stays; may be given again', collect(userIdOf))
    .option(
      '--only <user>',
      'whose face is covered, and nobody else’s; may be given again',
      collect(userIdOf),
    )
    .option('--threshold <similarity>', 'who counts as a user, 0 to 100; default: 80', number('threshold'))
    .addOption(
      new Option('--cover <how>', 'what is put over faces')
        .choices(['blur', 'fill'] as const)
        .default('blur' as const),
    )
    .option('--whole-head', 'cover hair and ears too')
    .action(async (given, options) => {
      const { out, keep, only, threshold, cover, wholeHead } = options;
      if (keep && only) throw new UsageError('Give --keep or --only, not both.');
      const signal = untilInterrupted();
      const pictures = new Pictures(out, '.redacted.jpg');
      // To cover everybody, nobody has to be known.
      const isSearched = keep !== undefined || only !== undefined;
      const needs = { photos: true, collections: isSearched ? ('there' as const) : undefined };
      const { hasFailed } = await withCollection(options, needs, async (collection) => {
        const { redact } = await import('../../index.js');
        return eachPhoto(given, options, signal, async (photo) => {
          const faces: readonly RedactedFace[] = isSearched
            ? (await collection.searchPhoto(photo, { threshold, signal })).faces
            : await collection.detectFaces(photo, { signal });
          const picture = await redact(photo, faces, { keep, only, cover, wholeHead, signal });
          const redacted = await pictures.write(photo.name, picture);
          const text = `${photo.name}: ${counted(faces.length, 'face')} found; look at ${redacted} before you publish it`;
          return answer(options, { photo: photo.name, faces: faces.length, redacted }, text);
        });
      });
      if (hasFailed) process.exitCode = 1;
    });
