import { parentPort, workerData } from 'node:worker_threads';
import { becomeIdle, type ThreadState } from './at-work.js';
import { toFailure, type WorkerAnswer } from './worker-answer.js';

/** What a thread finds as its `workerData`. */
export interface ThreadData {
  readonly state: ThreadState;
  readonly settings: unknown;
}

/** What a thread says once it is ready; all else that it says is an answer. */
export interface Ready {
  readonly ready: unknown;
}

/** What a thread is told: to do a job, that nobody waits for it any more, or to end when it is done. */
export type Order = { readonly job: unknown } | 'give up' | 'end';

/**
 * What a worker thread of a pool does: answers one job after the other, until it is told to end.
 *
 * @param work does a job; should give it up when the signal aborts, and must settle only when no machine code works on
 * it any more
 * @param ready what the pool is told before the thread ends; jobs do not wait for it
 */
export function answerJobs<Job, Result>(
  work: (job: Job, signal: AbortSignal) => Promise<Result>,
  ready: Promise<unknown> = Promise.resolve(),
): void {
  const { state } = workerData as ThreadData;
  const port = parentPort!;
  const told = ready.then(
    (what) => port.postMessage({ ready: what } satisfies Ready),
    () => {},
  );
  // With its port a thread loses what keeps it alive.
  const end = () => void told.then(() => port.close());
  let current: AbortController | undefined;
  let isEnding = false;

  const answer = async (job: Job): Promise<void> => {
    current = new AbortController();
    let result: WorkerAnswer<Result>;
    try {
      result = { result: await work(job, current.signal) };
    } catch (error) {
      result = { failure: toFailure(error) };
    }
    current = undefined;
    becomeIdle(state);
    port.postMessage(result);
    if (isEnding) end();
  };

  port.on('message', (order: Order) => {
    if (typeof order === 'object') void answer(order.job as Job);
    else current?.abort();
    if (order !== 'end') return;
    isEnding = true;
    if (!current) end();
  });
}
