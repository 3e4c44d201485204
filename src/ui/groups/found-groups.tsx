import { whatIsWrong } from '../../enrollment/findings.js';
import type { FaceGroups, PhotoFace } from '../../face-grouping/face-groups.js';
import { counted } from '../parts/counted.js';
import { FocusedHeading } from '../parts/focused-heading.js';
import { LazyPicture } from '../parts/lazy-picture.js';
import { Pages } from '../parts/pages.js';
import { FaceCrop, keyOf } from './face-crop.js';
import { Group } from './group.js';

interface FoundGroupsProps {
  found: FaceGroups;
  /** How many were looked at. */
  photos: number;
  /** Asks who somebody is. */
  onAsk: (faces: readonly PhotoFace[]) => void;
}

/** Who was found, and what became of all other faces and photos. */
export function FoundGroups({ found, photos, onAsk }: FoundGroupsProps) {
  const { groups, singles, ungrouped, known, failed } = found;
  return (
    <section class="found">
      {/* Another one once somebody was named, whose button has gone. */}
      <FocusedHeading key={groups.length + singles.length}>{headingFor(found)}</FocusedHeading>
      <p>
        {counted(photos, 'photo')}
        {known > 0 && `. ${counted(known, 'face is', 'faces are')} of people whom the collection knows`}.
      </p>
      <Pages label="Groups" items={groups} size={12} class="groups">
        {(group) => <Group key={keyOf(group.cover)} group={group} onAsk={onAsk} />}
      </Pages>
      {singles.length > 0 && (
        <>
          <h3>{counted(singles.length, 'face')} like no other</h3>
          <Pages label="Faces like no other" items={singles} class="pictures">
            {(single) => (
              <li key={keyOf(single)}>
                <FaceCrop {...single} />
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Who is this, of ${single.photo.name}?`}
                  onClick={() => onAsk([single])}
                >
                  Who?
                </button>
              </li>
            )}
          </Pages>
        </>
      )}
      {ungrouped.length > 0 && (
        <>
          <h3>{counted(ungrouped.length, 'face')} not grouped</h3>
          <Pages label="Faces not grouped" items={ungrouped} size={12} class="cards">
            {(face) => (
              <li key={keyOf(face)} class="card with-picture">
                <FaceCrop {...face} />
                <p>
                  {face.photo.name}{' '}
                  {face.status === 'poor' ? whatIsWrong(face.reason) : `failed: ${face.error.message}`}
                </p>
              </li>
            )}
          </Pages>
        </>
      )}
      {failed.length > 0 && (
        <>
          <h3>{counted(failed.length, 'photo')} could not be used</h3>
          <Pages label="Photos that could not be used" items={failed} size={12} class="cards">
            {({ photo, error }) => (
              <li key={photo.name} class="card with-picture">
                <LazyPicture photo={photo} alt={photo.name} />
                <p>{error.message}</p>
              </li>
            )}
          </Pages>
        </>
      )}
    </section>
  );
}

function headingFor({ groups, singles, ungrouped, known }: FaceGroups): string {
  if (groups.length > 0) return `${counted(groups.length, 'person', 'people')} without a name`;
  if (singles.length > 0) return 'No unknown face is there twice';
  if (ungrouped.length > 0) return 'No face is good enough to be grouped';
  return known > 0 ? 'Everybody in these photos is known' : 'No face was seen in these photos';
}
