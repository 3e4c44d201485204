import { checkFunction, checkOptions, checkString, type OptionChecks } from '../../arguments.js';
import { InvalidArgumentError } from '../../errors.js';
import { READ_OPTIONS, type ReadOptions } from '../../images/decode.js';
import type { Evaluation } from '../evaluation.js';
import { writeAnswer } from './answer.js';
import { findConfusions, photosOf, writeConfusions } from './confusions.js';
import { writeCurves } from './curves.js';
import { writeDistributions } from './distributions.js';
import { writeFailures } from './failures.js';
import { writeGrowth } from './growth.js';
import { writeHeading } from './heading.js';
import { type Html, html } from './html.js';
import { type PictureOf, readPictures } from './pictures.js';
import { writeComparison, writeRates } from './rates.js';
import { writeReading } from './reading.js';
import { STYLE } from './style.js';

/** What the page is called, and whether it shows photos. */
export interface ReportOptions extends ReadOptions {
  /**
   * What the page is called.
   *
   * @default 'How well people are told apart'
   */
  title?: string | undefined;
  /**
   * Where the photo of a probe is, which puts small copies of the worst confusions into the page: at most 36, of 240
   * pixels, without metadata. Whoever gets the page then sees these people. Photos for which it answers undefined,
   * and those that cannot be read, are left out.
   *
   * @default none: the page has no pictures of people, only their ids
   */
  pictures?: PictureOf | undefined;
}

/**
 * An evaluation as a page to look at: faces and users compared, true and false, at each threshold; how similarities are
 * spread; what every threshold gains and risks; what was not searched; and the worst confusions. One HTML file that
 * needs no network and runs no script, for screens of every size, light and dark, for paper and for screen readers.
 *
 * It names users and photos. They are text in it, whatever they hold.
 *
 * @returns the HTML: some 100 KB, however many photos were searched, and some 10 KB for each picture
 * @throws InvalidArgumentError when the evaluation is none, an option is unknown or has a value that makes no sense, or
 * `pictures` answers something that is no image source
 *
 * @example
 * ```ts
 * const evaluation = await evaluate(team, fromFolder('photos'));
 * const report = await toReport(evaluation, { pictures: ({ photoName }) => fromFile(join('photos', photoName)) });
 * await writeFile('report.html', report);
 * ```
 */
export async function toReport(evaluation: Evaluation, options: ReportOptions = {}): Promise<string> {
  checkEvaluation(evaluation);
  const {
    title = 'How well people are told apart',
    pictures: pictureOf,
    ...reading
  } = checkOptions(options, REPORT);
  reading.signal?.throwIfAborted();
  const confusions = findConfusions(evaluation);
  const pictures = await readPictures(photosOf(confusions), pictureOf, reading);
  return writePage(
    title,
    writeHeading(title, evaluation),
    writeAnswer(evaluation),
    writeComparison(evaluation),
    writeRates(evaluation),
    writeDistributions(evaluation),
    writeCurves(evaluation),
    writeGrowth(evaluation),
    writeFailures(evaluation),
    writeConfusions(confusions, pictures),
    writeReading(evaluation),
  );
}

const REPORT: OptionChecks<ReportOptions> = {
  ...READ_OPTIONS,
  title: checkString,
  pictures: checkFunction,
};

/** One that was read from a file may be anything. */
function checkEvaluation(value: unknown): asserts value is Evaluation {
  const { searches, failures, faces, users } = (value ?? {}) as Partial<Evaluation>;
  const isEvaluation =
    Array.isArray(searches) &&
    Array.isArray(failures) &&
    Array.isArray(faces?.atThresholds) &&
    Array.isArray(users?.atThresholds);
  if (!isEvaluation) throw new InvalidArgumentError('evaluation', value, 'what evaluate() answered');
}

/** Nothing may be loaded or run, even if a name found a way to become markup. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

function writePage(title: string, ...parts: readonly (Html | undefined)[]): string {
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>`;
  return `<!doctype html>
<html lang="en">
<head>
${head.markup}
<style>${STYLE}</style>
</head>
<body>
<main>
${html`${parts}`.markup}
</main>
</body>
</html>
`;
}
