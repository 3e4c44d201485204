import type { LimitFunction } from 'p-limit';
import { pMapIterable } from 'p-map';
import { underSignal } from './signals.js';

/** Results that are ready may wait for one that takes longer: so many times as many as are in work. */
const BACKPRESSURE = 4;

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

/**
 * Runs the task on what a source gives, `concurrency` at a time, and yields the results in the order of the items. Of a
 * source without end it never holds more than a few times as many. Once the signal aborts or the reader has had enough,
 * it asks the source for no more, and ends when those in work have: they get a signal that says so.
 *
 * @throws what the source throws, and the first failure of a task, when it is its turn. Not that it was aborted: what is
 * done by then is yielded
 */
export async function* streamBounded<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { concurrency, signal }: { concurrency: number; signal: AbortSignal | undefined },
  task: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const reader = new AbortController();
  const end = signal ? AbortSignal.any([signal, reader.signal]) : reader.signal;
  const inWork = new Set<Promise<unknown>>();
  try {
    const results: AsyncIterable<unknown> = pMapIterable(
      untilAborted(items, end),
      (item) => {
        const result = task(item, end);
        inWork.add(result);
        return result.finally(() => inWork.delete(result));
      },
      { concurrency, backpressure: BACKPRESSURE * concurrency },
    );
    yield* results as AsyncIterable<Awaited<Result>>;
  } finally {
    reader.abort();
    await Promise.allSettled(inWork);
  }
}

/** The items of a source that may take its time, until nobody wants more of them. */
export async function* untilAborted<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  try {
    while (!signal.aborted) {
      const item = await underSignal(signal, async () => source.next());
      if (item.done) return;
      yield item.value;
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    const ended = Promise.resolve(source.return?.());
    // A generator ends once what it waits for has come, which may be never.
    if (signal.aborted) ended.catch(() => {});
    else await ended;
  }
}
