import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FaceCollection } from '../face-collection.js';

export const CollectionContext = createContext<FaceCollection | undefined>(undefined);

/** The collection that the page is in. */
export function useCollection(): FaceCollection {
  const collection = useContext(CollectionContext);
  if (!collection) throw new Error('This part of the page is in no collection.');
  return collection;
}
