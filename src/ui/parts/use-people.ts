import { useMemo } from 'preact/hooks';
import { fromUserId } from '../../names.js';
import type { User } from '../../types.js';
import { useCollection } from '../collection.js';
import { toSearchable } from './search-by-name.js';
import { type Listed, useListing } from './use-listing.js';

/** A user of the collection, by name. */
export interface KnownPerson extends User {
  name: string;
  searchable: string;
}

const byName = new Intl.Collator(undefined, { numeric: true }).compare;

/** Everybody in the collection, in the order of their names. */
export function usePeople(): Listed<KnownPerson> {
  const collection = useCollection();
  const listed = useListing((signal) => collection.listUsers({ signal }), [collection]);
  const items = useMemo(
    () =>
      listed.items
        .map((user) => {
          const name = fromUserId(user.userId);
          return { ...user, name, searchable: toSearchable(name) };
        })
        .sort((one, other) => byName(one.searchable, other.searchable)),
    [listed.items],
  );
  return { ...listed, items };
}
