import type { LimitFunction } from 'p-limit';

/**
 * Runs the task on every item, as the limit lets it, and answers in the order of the items. After a failure no more
 * are started, but those in flight are waited for, so that the caller knows all that was done before it clears up.
 * Then the first failure is thrown.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: LimitFunction,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const failures: unknown[] = [];
  const results = await Promise.all(
    items.map((item) =>
      limit(async () => {
        if (failures.length > 0) return undefined;
        try {
          return await task(item);
        } catch (error) {
          failures.push(error);
          return undefined;
        }
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return results as Result[];
}
