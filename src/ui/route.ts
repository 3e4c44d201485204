import { useEffect, useState } from 'preact/hooks';

/** What of a collection is shown. */
export type Room = 'people' | 'photo' | 'enrol' | 'groups';

/** Where the page is: the collections, or a room of one, where people may be one person. */
export interface Route {
  collectionId?: string;
  room: Room;
  userId?: string;
}

/** The address of a place in the page: what follows the `#`, so that the server need not know of it. */
export function linkTo({ collectionId, room, userId }: Route): string {
  const parts =
    collectionId === undefined ? [] : [collectionId, room, ...(userId === undefined ? [] : [userId])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export function routeOf(hash: string): Route {
  const [collectionId, room, userId] = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decode);
  return {
    ...(collectionId !== undefined && { collectionId }),
    room: isRoom(room) ? room : 'people',
    ...(userId !== undefined && { userId }),
  };
}

/** The place that the address names, now and whenever it changes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}

export function goTo(route: Route): void {
  location.hash = linkTo(route);
}

function isRoom(text: string | undefined): text is Room {
  return text === 'people' || text === 'photo' || text === 'enrol' || text === 'groups';
}

/** What somebody typed may be no encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
