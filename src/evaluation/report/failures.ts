import { group } from 'd3-array';
import type { Evaluation, FailedProbe } from '../evaluation.js';
import { type Html, html, nameOf, shortName } from './html.js';
import { count, percent, percentRange } from './words.js';

/** Reasons in plain words. Those of services to come are written as they are. */
const REASONS: Readonly<Record<string, string>> = {
  NO_FACE: 'no face was found',
  FACE_NOT_LARGEST: 'another face is larger',
  EXCEEDS_MAX_FACES: 'more faces than are searched',
  EXTREME_POSE: 'turned too far',
  LOW_BRIGHTNESS: 'too dark',
  LOW_SHARPNESS: 'too blurred',
  LOW_CONFIDENCE: 'hardly a face',
  SMALL_BOUNDING_BOX: 'too small',
  LOW_FACE_QUALITY: 'too poor',
  FAILED: 'the call or the photo failed',
};

/** So many photos are named of each reason. */
const NAMED = 5;

/** Photos that could not be searched. They are in no rate. */
export function writeFailures({ failures, failureToAcquireRate, probes, leftOut }: Evaluation): Html {
  const byReason = Array.from(group(failures, ({ reason }) => reason)).sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return html`<section>
<h2>Photos that were not searched</h2>
${
  failures.length === 0
    ? html`<p>${probes.photos === 0 ? 'There were no photos.' : 'Every photo was searched.'}</p>`
    : html`<p>${count(failures.length, 'photo')} could not be searched, and ${failures.length === 1 ? 'is' : 'are'} in none of the rates.${
        failureToAcquireRate
          ? ` No face, or one too poor: ${percent(failureToAcquireRate.value)} of photos (${percentRange(failureToAcquireRate)}).`
          : ''
      }</p>
<table class="wide">
<thead><tr><th scope="col">Reason</th><th scope="col">Photos</th><th scope="col">Which</th></tr></thead>
<tbody>${byReason.map(([reason, photos]) => writeReason(reason, photos))}</tbody>
</table>`
}
${probes.enrolled > 0 ? html`<p>${count(probes.enrolled, 'photo')} ${probes.enrolled === 1 ? 'is' : 'are'} enrolled and ${probes.enrolled === 1 ? 'was' : 'were'} passed over: a photo is always like itself.</p>` : undefined}
${leftOut.length > 0 ? html`<p>${count(leftOut.length, 'file')} ${leftOut.length === 1 ? 'is' : 'are'} nobody’s photo.</p>` : undefined}
</section>`;
}

function writeReason(reason: string, photos: readonly FailedProbe[]): Html {
  const named = photos.slice(0, NAMED).map(
    (photo, index) =>
      html`${index > 0 ? ', ' : ''}${nameOf(photo.photoName)}${
        // Of failures the message says what went wrong; of faces the reason does.
        reason === 'FAILED' ? html` (${shortName(photo.message.replace(/\s+/g, ' '))})` : undefined
      }`,
  );
  const others = photos.length - NAMED;
  return html`<tr><th scope="row">${REASONS[reason] ?? nameOf(reason)}</th><td class="number">${photos.length.toLocaleString('en')}</td><td>${named}${
    others > 0 ? ` and ${count(others, 'other')}` : ''
  }</td></tr>`;
}
