import { abandonImports } from './records/deleted-contents.js';
import { forgetExpiredTokens, hasExpiredTokens } from './records/request-tokens.js';
import type { Store } from './store/store.js';

/**
 * Does what the engine before did not get to: broken-off imports and expired tokens before all other changes, deleted
 * contents bit by bit. It changes nothing where there is nothing to do: a store that is only read stays as it is.
 */
export async function cleanUpAtStart(store: Store, purgeDeletedContents: () => Promise<void>): Promise<void> {
  await Promise.allSettled([abandonImports(store), forgetTokens(store, Date.now())]);
  await purgeDeletedContents();
}

async function forgetTokens(store: Store, now: number): Promise<void> {
  if (hasExpiredTokens(store, now)) await store.write((transaction) => forgetExpiredTokens(transaction, now));
}
