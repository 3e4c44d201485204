import { Thread } from '../../thread.js';
import { threadEntry } from '../../thread-entry.js';
import type { SharedMemory } from './kernel.js';
import { type Candidate, nearestRows, type Rows } from './nearest-rows.js';
import type { QuantizedQuery } from './quantize.js';
import type { MemoryToTouch, ThreadSearch } from './search-worker.js';

/** A search that the thread has not answered. */
interface Waiting {
  resolve(candidates: Candidate[]): void;
  reject(reason: unknown): void;
}

/** A thread for the large indexes of an engine; its searches come one after the other. Starts when it is needed. */
export class SearchThread {
  #worker: Thread | undefined;
  /** In the order in which the thread answers. */
  readonly #waiting: Waiting[] = [];

  /**
   * What `nearestRows` finds, while this thread goes on with other things. The segments must not change meanwhile.
   * Where no thread can be had, this one searches after all: the answer is the same.
   */
  async nearestRows(
    all: readonly Rows[],
    query: QuantizedQuery,
    limit: number,
    within = Number.POSITIVE_INFINITY,
  ): Promise<Candidate[]> {
    const shared = all.map(({ segment: { length, capacity, memory }, ...rows }) => ({
      ...rows,
      segment: { length, capacity, memory },
    }));
    try {
      return await this.#ask({ all: shared, query, limit, within });
    } catch {
      return nearestRows(all, query, limit, within);
    }
  }

  /**
   * Has the thread get memory from the operating system, which takes longer for a page than filling it does. It may be
   * written to meanwhile.
   */
  touch(memory: SharedMemory): void {
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage({ memory } satisfies MemoryToTouch);
      if (this.#waiting.length === 0) this.#worker.unref();
    } catch {
      // Without a thread, the memory comes when it is written to.
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(search: ThreadSearch): Promise<Candidate[]> {
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#start();
      this.#worker.postMessage(search);
      this.#waiting.push({ resolve, reject });
      // An idle thread keeps no process alive, one that searches does.
      this.#worker.ref();
    });
  }

  #start(): Thread {
    const worker = new Thread(threadEntry('local/search/search-worker'));
    worker.on('message', (candidates: Candidate[]) => {
      this.#waiting.shift()?.resolve(candidates);
      if (this.#waiting.length === 0) worker.unref();
    });
    const giveUp = (reason: unknown) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.splice(0)) reject(reason);
    };
    worker.on('error', giveUp);
    worker.on('exit', giveUp);
    return worker;
  }
}
