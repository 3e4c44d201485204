import { useEffect, useMemo, useRef } from 'preact/hooks';
import { FaceCollection } from '../face-collection.js';
import { fromUserId } from '../names.js';
import { CollectionContext } from './collection.js';
import { Collections } from './collections/collections.js';
import { Enrol } from './enrol/enrol.js';
import { Groups } from './groups/groups.js';
import { People } from './people/people.js';
import { Person } from './people/person.js';
import { TryPhoto } from './photo/try-photo.js';
import { linkTo, type Room, useRoute } from './route.js';
import { type Session, SessionContext } from './session.js';

const ROOMS: Record<Room, string> = {
  people: 'People',
  photo: 'Try a photo',
  enrol: 'Enrol',
  groups: 'Groups',
};

/** The page: which collection, which room of it, and what is there. */
export function App({ session }: { session: Session | undefined }) {
  const { collectionId, room, userId } = useRoute();
  const collection = useMemo(
    () =>
      session && collectionId ? new FaceCollection(collectionId, { client: session.client }) : undefined,
    [session, collectionId],
  );
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    const place = collectionId ? [userId && fromUserId(userId), ROOMS[room], collectionId] : ['Collections'];
    document.title = [...place, 'Rekollect'].filter(Boolean).join(' · ');
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [collectionId, room, userId]);
  if (!session) return <Uninvited />;
  return (
    <SessionContext.Provider value={session}>
      <header>
        <a class="brand" href={linkTo({ room: 'people' })}>
          Rekollect
        </a>
        {collectionId && (
          <>
            <strong class="where">{collectionId}</strong>
            <nav aria-label={`Collection ${collectionId}`}>
              {Object.entries(ROOMS).map(([each, label]) => (
                <a
                  key={each}
                  href={linkTo({ collectionId, room: each as Room })}
                  aria-current={each === room ? 'page' : undefined}
                >
                  {label}
                </a>
              ))}
            </nav>
          </>
        )}
        {session.report && (
          <a href={session.fileUrl('report.html')} target="_blank" rel="noreferrer">
            Evaluation report
          </a>
        )}
      </header>
      <main ref={main} tabIndex={-1} key={`${collectionId}/${room}/${userId}`}>
        {collection ? (
          <CollectionContext.Provider value={collection}>
            {room === 'people' && (userId === undefined ? <People /> : <Person userId={userId} />)}
            {room === 'photo' && <TryPhoto />}
            {room === 'enrol' && <Enrol />}
            {room === 'groups' && <Groups />}
          </CollectionContext.Provider>
        ) : (
          <Collections />
        )}
      </main>
    </SessionContext.Provider>
  );
}

/** Whoever did not come by the address with the token. */
function Uninvited() {
  return (
    <main>
      <h1>Rekollect</h1>
      <p>
        This page shows faces, so it opens only by the address that <code>rekollect ui</code> printed when it
        was started, with everything after the <code>#</code>.
      </p>
    </main>
  );
}
