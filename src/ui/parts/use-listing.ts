import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Listing } from '../../listing.js';

/** A list as far as it is known. */
export interface Listed<Item> {
  items: readonly Item[];
  isComplete: boolean;
  error?: Error;
  /** Lists anew, and shows the last list meanwhile. */
  refresh(): void;
}

/** Milliseconds between two looks at a list that is being read: each sorts and draws all of it. */
const BETWEEN_LOOKS = 300;

/**
 * Reads a list while a part of the page is shown, the first page of it to be seen at once. Who leaves gives it up.
 *
 * @param list gets a signal that is aborted then
 */
export function useListing<Item>(
  list: (signal: AbortSignal) => Listing<Item>,
  dependsOn: readonly unknown[],
): Listed<Item> {
  const [listed, setListed] = useState<Omit<Listed<Item>, 'refresh'>>({ items: [], isComplete: false });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const leave = new AbortController();
    const read = async () => {
      const items: Item[] = [];
      let lookedAt = Number.NEGATIVE_INFINITY;
      for await (const page of list(leave.signal).pages()) {
        items.push(...page);
        if (times > 0 || page.length === 0 || performance.now() - lookedAt < BETWEEN_LOOKS) continue;
        lookedAt = performance.now();
        setListed({ items: [...items], isComplete: false });
      }
      setListed({ items, isComplete: true });
    };
    read().catch((error: Error) => leave.signal.aborted || setListed((last) => ({ ...last, error })));
    return () => leave.abort();
  }, [...dependsOn, times]);
  const refresh = useCallback(() => setTimes((count) => count + 1), []);
  return { ...listed, refresh };
}
