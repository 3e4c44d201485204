import { useState } from 'preact/hooks';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Name } from '../parts/name.js';
import { Problem } from '../parts/problem.js';
import { useAnswer } from '../parts/use-answer.js';
import { usePeople } from '../parts/use-people.js';
import { goTo, linkTo } from '../route.js';
import { ErasePerson } from './erase-person.js';
import { FaceList } from './face-list.js';
import { MergePerson } from './merge-person.js';
import './people.css';
import { statusInWords } from './people-grid.js';
import { RenamePerson } from './rename-person.js';

/** One person: the faces, and what can be done about name and faces. */
export function Person({ userId }: { userId: string }) {
  const collection = useCollection();
  const { collectionId } = collection;
  const people = usePeople();
  const faces = useAnswer(
    async (signal) => {
      const all = await collection.listFaces({ userId, signal }).all();
      return all.sort((one, other) =>
        (one.photoName ?? '').localeCompare(other.photoName ?? '', undefined, { numeric: true }),
      );
    },
    [collection, userId],
  );
  const [asking, setAsking] = useState<'rename' | 'merge' | 'erase'>();
  const known = people.items.find((person) => person.userId === userId);
  const isGone = people.isComplete && !known;
  const refresh = () => {
    people.refresh();
    faces.refresh();
  };
  const close = () => {
    setAsking(undefined);
    // What was half done is shown as it is.
    refresh();
  };
  const show = (other: string) => {
    close();
    goTo({ collectionId, room: 'people', userId: other });
  };
  const dialog = { userId, people: people.items, onClose: close };
  return (
    <>
      <p class="back">
        <a href={linkTo({ collectionId, room: 'people' })}>All people</a>
      </p>
      <div class="heading">
        <h1>
          <Name userId={userId} />
        </h1>
        {!isGone && (
          <div class="actions">
            <button type="button" class="quiet" onClick={() => setAsking('rename')}>
              Rename
            </button>
            <button type="button" class="quiet" onClick={() => setAsking('merge')}>
              Merge
            </button>
            <button type="button" class="danger" onClick={() => setAsking('erase')}>
              Erase
            </button>
          </div>
        )}
      </div>
      <Problem error={people.error ?? (isGone ? undefined : faces.error)} />
      {isGone && <p>Nobody of this name is in the collection: erased, renamed or merged, if ever there.</p>}
      {!isGone && faces.value && (
        <>
          <p class="aside">
            {[
              counted(faces.value.length, 'face', 'faces'),
              statusInWords(known?.status, faces.value.length > 0),
              `id ${userId}`,
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
          {faces.value.length > 0 ? (
            <FaceList
              label="Faces"
              faces={faces.value}
              userId={userId}
              people={people.items}
              onChange={refresh}
            />
          ) : (
            <p>
              There is no face yet, so nobody is recognised as <Name userId={userId} />.{' '}
              <a href={linkTo({ collectionId, room: 'enrol' })}>Enrol photos</a> under this name.
            </p>
          )}
        </>
      )}
      {asking === 'rename' && <RenamePerson {...dialog} onRenamed={show} />}
      {asking === 'merge' && <MergePerson {...dialog} onMerged={show} />}
      {asking === 'erase' && (
        <ErasePerson
          userId={userId}
          faces={faces.value?.length}
          onErased={() => goTo({ collectionId, room: 'people' })}
          onClose={close}
        />
      )}
    </>
  );
}
