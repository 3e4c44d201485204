import { useState } from 'preact/hooks';
import type { SeveralFaces } from '../../enrollment/enrollment.js';
import type { LeftOutFile } from '../../enrollment/people.js';
import { fromUserId } from '../../names.js';
import { counted } from '../parts/counted.js';
import { FocusedHeading } from '../parts/focused-heading.js';
import { Pages } from '../parts/pages.js';
import { LeftOut } from './left-out.js';
import type { ListedPerson } from './people-of-given-files.js';
import { SeveralFacesChoice } from './several-faces-choice.js';

interface FolderPlanProps {
  people: readonly ListedPerson[];
  leftOut: readonly LeftOutFile[];
  onEnrol: (severalFaces: SeveralFaces) => void;
  onCancel: () => void;
}

/** Who would be enrolled, before it is done: the wrong folder makes many people of what are none. */
export function FolderPlan({ people, leftOut, onEnrol, onCancel }: FolderPlanProps) {
  const [severalFaces, setSeveralFaces] = useState<SeveralFaces>('reject');
  const photos = people.reduce((sum, { images }) => sum + images.length, 0);
  return (
    <section class="plan">
      {people.length === 0 ? (
        <>
          <FocusedHeading>There is nobody to enrol</FocusedHeading>
          <p>Give a folder with a folder for each person, which holds their photos.</p>
        </>
      ) : (
        <>
          <FocusedHeading>{`Enrol ${counted(people.length, 'person', 'people')}?`}</FocusedHeading>
          <p>
            With {counted(photos, 'photo')}, as the folders tell whose they are. The page must stay open
            meanwhile.
          </p>
          <Pages label="People to enrol" items={people} size={60} class="names">
            {({ userId, images }) => (
              <li key={userId}>
                <strong>{fromUserId(userId)}</strong>{' '}
                <span class="aside">{counted(images.length, 'photo')}</span>
              </li>
            )}
          </Pages>
          <SeveralFacesChoice value={severalFaces} onChange={setSeveralFaces} />
        </>
      )}
      <LeftOut files={leftOut} />
      <div class="actions">
        <button type="button" class="quiet" onClick={onCancel}>
          {people.length === 0 ? 'Back' : 'Cancel'}
        </button>
        {people.length > 0 && (
          <button type="button" onClick={() => onEnrol(severalFaces)}>
            Enrol
          </button>
        )}
      </div>
    </section>
  );
}
