import { parentPort, workerData } from 'node:worker_threads';
import { becomeIdle, type ThreadState } from './wait-at-exit.js';
import { toFailure, type WorkerAnswer } from './worker-answer.js';

/** What a thread finds as its `workerData`. */
export interface ThreadData {
  readonly state: ThreadState;
  readonly settings: unknown;
}

/** The message of a thread that is ready; every other one is an answer. */
export interface Ready {
  /** Undefined where that has failed, which jobs will tell. */
  readonly ready: unknown;
}

/** A message to a thread: a job, the cancellation of its current job, or to end after that. */
export type Command = { readonly job: unknown } | 'cancel' | 'end';

/**
 * The loop of a worker thread: runs one job after the other until the command to end.
 *
 * @param work does a job; should stop when the signal aborts, and must settle only when no machine code works on it any
 * more
 * @param ready is sent to the pool, which lets no thread end before; jobs do not wait for it
 */
export function runJobs<Job, Result>(
  work: (job: Job, signal: AbortSignal) => Promise<Result>,
  ready: Promise<unknown> = Promise.resolve(),
): void {
  const { state } = workerData as ThreadData;
  const port = parentPort!;
  const announce = (value?: unknown) => port.postMessage({ ready: value } satisfies Ready);
  ready.then(announce, () => announce());
  // The port is what keeps the thread alive.
  const end = () => port.close();
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

  port.on('message', (command: Command) => {
    if (typeof command === 'object') void answer(command.job as Job);
    else current?.abort();
    if (command !== 'end') return;
    isEnding = true;
    if (!current) end();
  });
}
