import type { Engine } from './engine.js';
import { forgetExpiredTokens, hasExpiredTokens } from './protocol/idempotency.js';
import { abandonImports } from './records/leftovers.js';
import type { Store } from './store/store.js';

/**
 * Does what the engine before did not get to: broken-off imports and expired tokens before all other changes, leftovers
 * whenever there is time. It changes nothing where there is nothing to do: a store that is only read stays as it is.
 */
export async function tidyUp(store: Store, { clearLeftovers }: Engine): Promise<void> {
  await Promise.allSettled([abandonImports(store), forgetTokens(store, Date.now())]);
  await clearLeftovers();
}

async function forgetTokens(store: Store, now: number): Promise<void> {
  if (hasExpiredTokens(store, now)) await store.write((transaction) => forgetExpiredTokens(transaction, now));
}
