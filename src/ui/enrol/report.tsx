import type { ComponentChildren } from 'preact';
import type { FormerPhoto } from '../../enrollment/bulk-enrollment.js';
import { fromUserId } from '../../names.js';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { FocusedHeading } from '../parts/focused-heading.js';
import { LazyPicture } from '../parts/lazy-picture.js';
import { Pages } from '../parts/pages.js';
import { Problem } from '../parts/problem.js';
import { linkTo } from '../route.js';
import type { EnrolReport } from './enrol-report.js';
import { LeftOut } from './left-out.js';

/** What came of enrolling: the numbers, and everything that somebody should look at. */
export function Report({ report }: { report: EnrolReport }) {
  const { people, usersCreated, photos, associated, known, rejected, findings, failed, former } = report;
  const isStopped = 'stopped' in report;
  return (
    <section class="report">
      <FocusedHeading>{isStopped ? 'Stopped' : 'Done'}</FocusedHeading>
      {isStopped && (
        <p>What is listed here was done. Give the same folder again, and it goes on from there.</p>
      )}
      <dl class="numbers">
        <Count of={people} label="people" />
        <Count of={usersCreated} label="of them new" />
        <Count of={photos} label="photos" />
        <Count of={associated} label="enrolled" />
        <Count of={known} label="known before" />
        <Count of={rejected.length} label="rejected" />
      </dl>
      {failed.length > 0 && (
        <>
          <h3>{counted(failed.length, 'person', 'people')} could not be enrolled</h3>
          <Pages label="People who could not be enrolled" items={failed}>
            {({ userId, error }) => (
              <li key={userId}>
                <strong>{fromUserId(userId)}</strong>
                <Problem error={error} />
              </li>
            )}
          </Pages>
        </>
      )}
      {findings.length > 0 && (
        <>
          <h3>Somebody should look at</h3>
          <Pages label="What somebody should look at" items={findings}>
            {({ userId, kind, message }) => (
              <li key={`${userId} ${kind}`}>
                {kind === 'NO_USABLE_PHOTO' ? message : <PersonLink userId={userId}>{message}</PersonLink>}
              </li>
            )}
          </Pages>
        </>
      )}
      {rejected.length > 0 && (
        <>
          <h3>{counted(rejected.length, 'photo was', 'photos were')} rejected</h3>
          <Pages label="Rejected photos" items={rejected} class="cards">
            {({ userId, image, message }) => (
              <li key={`${userId}/${image.name}`} class="card with-picture">
                <LazyPicture photo={image} alt={image.name} />
                <p>{message}</p>
              </li>
            )}
          </Pages>
        </>
      )}
      {former.length > 0 && (
        <details>
          <summary>{counted(former.length, 'photo', 'photos')} of before, changed or gone since</summary>
          <Pages label="Photos of before" items={former} size={100}>
            {(photo) => (
              <li key={`${photo.userId}/${photo.photo}`}>
                {fromUserId(photo.userId)}: {photo.photo} <span class="aside">{wordsFor(photo)}</span>
              </li>
            )}
          </Pages>
        </details>
      )}
      <LeftOut files={report.leftOut} />
    </section>
  );
}

function Count({ of, label }: { of: number; label: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{of.toLocaleString('en')}</dd>
    </div>
  );
}

function PersonLink({ userId, children }: { userId: string; children: ComponentChildren }) {
  const { collectionId } = useCollection();
  return <a href={linkTo({ collectionId, room: 'people', userId })}>{children}</a>;
}

function wordsFor({ status, deleted }: FormerPhoto): string {
  const what = status === 'changed' ? 'has changed' : 'is not in the folder any more';
  return `${what}; its face ${deleted ? 'was replaced' : 'is kept'}`;
}
