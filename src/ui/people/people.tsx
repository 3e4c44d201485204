import { useMemo, useState } from 'preact/hooks';
import { useCollection } from '../collection.js';
import { counted } from '../parts/counted.js';
import { Problem } from '../parts/problem.js';
import { searchByName } from '../parts/search-by-name.js';
import { useListing } from '../parts/use-listing.js';
import { usePeople } from '../parts/use-people.js';
import { linkTo } from '../route.js';
import { facesByPerson } from './faces-by-person.js';
import { FacesOfNobody } from './faces-of-nobody.js';
import './people.css';
import { PeopleGrid } from './people-grid.js';

/** Everybody in the collection, with a face each, to be searched by name. */
export function People() {
  const collection = useCollection();
  const { collectionId } = collection;
  const people = usePeople();
  const faces = useListing((signal) => collection.listFaces({ signal }), [collection]);
  const { ofPeople, ofNobody } = useMemo(() => facesByPerson(faces.items), [faces.items]);
  const [before] = useState(visitBefore);
  const [typed, setTyped] = useState(before.typed);
  const found = useMemo(() => searchByName(people.items, typed), [people.items, typed]);
  const isEmpty = people.isComplete && people.items.length === 0;
  const toEnrol = linkTo({ collectionId, room: 'enrol' });
  return (
    <>
      <div class="heading">
        <h1>People</h1>
        <a class="button" href={toEnrol}>
          Add a person
        </a>
      </div>
      <Problem error={people.error ?? faces.error} />
      {isEmpty ? (
        <p>
          Nobody is in this collection yet. <a href={toEnrol}>Enrol people</a> from photos of them: they are
          found in other photos from then on.
        </p>
      ) : (
        <search class="by-name">
          <label>
            Search by name
            <input
              type="search"
              dir="auto"
              autocomplete="off"
              value={typed}
              onInput={({ currentTarget: { value } }) => {
                setTyped(value);
                keepVisit({ typed: value });
              }}
            />
          </label>
          <p class="aside" role="status">
            {typed.trim() && `${found.length.toLocaleString()} of `}
            {counted(people.items.length, 'person', 'people')}
            {!people.isComplete && !people.error && ' so far …'}
          </p>
        </search>
      )}
      {ofNobody.length > 0 && (
        <FacesOfNobody
          faces={ofNobody}
          people={people.items}
          onChange={() => {
            people.refresh();
            faces.refresh();
          }}
        />
      )}
      {found.length > 0 && (before.opened === undefined || people.isComplete) && (
        <PeopleGrid
          collectionId={collectionId}
          people={found}
          faces={ofPeople}
          areFacesKnown={faces.isComplete}
          startAt={before.opened}
          onOpen={(opened) => keepVisit({ typed, opened })}
        />
      )}
      {people.isComplete && !isEmpty && found.length === 0 && (
        <p>Nobody in this collection has such a name.</p>
      )}
    </>
  );
}

/** What belongs to this visit, so that who looks at a person and goes back is where they were. */
interface Visit {
  typed: string;
  /** The person who was looked at. */
  opened?: string;
}

function keepVisit(visit: Visit): void {
  history.replaceState(visit, '');
}

function visitBefore(): Visit {
  return (history.state as Visit | null) ?? { typed: '' };
}
