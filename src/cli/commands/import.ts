import { createReadStream } from 'node:fs';
import { COLLECTION, onEngine } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer, counted } from '../output.js';
import { withLocalEngine } from '../place.js';

export const importCommand = () =>
  onEngine('import', 'take in a collection that was exported', [
    'rekollect import people.rekollect',
    'rekollect import people.rekollect --collection copy',
    'rekollect import people.rekollect --replace           in the place of the one that is there',
  ])
    .argument('<file>', 'what rekollect export wrote')
    .option(
      '--collection <name>',
      `its name here; default: the one it was exported under, mostly ${COLLECTION}`,
    )
    .option('--replace', 'put it in the place of the collection of that name')
    .action(async (file, options) => {
      const signal = untilInterrupted();
      const why = 'Amazon Rekognition takes no face vectors in. Collections are imported with --local.';
      const needs = { collections: 'made' as const, photos: true };
      const imported = await withLocalEngine(options, needs, why, (engine) => {
        const { collection: collectionId, replace } = options;
        return engine.importCollection(createReadStream(file), {
          ...(collectionId !== undefined && { collectionId }),
          ...(replace && { replace }),
          signal,
        });
      });
      const { collectionId, faceCount, userCount } = imported;
      answer(
        options,
        imported,
        `Imported the collection ${collectionId}: ${counted(userCount, 'person', 'people')}, ${counted(faceCount, 'face')}.`,
      );
    });
