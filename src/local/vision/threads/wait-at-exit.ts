import type { Worker } from 'node:worker_threads';

/** Whether a thread is idle or busy, in memory that it shares with the one that started it. */
export type ThreadState = Int32Array<SharedArrayBuffer>;

export const IDLE = 0;
/** From the moment that a job is sent to it. */
export const BUSY = 1;

/** Milliseconds that a process that ends waits for its threads. */
const LONGEST_WAIT = 60_000;

const states = new Map<Worker, ThreadState>();

/**
 * Delays the end of the process until this thread is idle, even after `process.exit` or an uncaught error. Node stops
 * all threads then, and one that is inside machine code of the models at that moment aborts the process.
 */
export function waitAtExit(thread: Worker, state: ThreadState): void {
  if (states.size === 0) process.on('exit', waitForThreads);
  states.set(thread, state);
  thread.once('exit', () => {
    states.delete(thread);
    if (states.size === 0) process.off('exit', waitForThreads);
  });
}

function waitForThreads(): void {
  for (const thread of states.keys()) thread.postMessage('end');
  const end = performance.now() + LONGEST_WAIT;
  for (const state of states.values()) Atomics.wait(state, 0, BUSY, Math.max(0, end - performance.now()));
}

/** For the thread itself to say. */
export function becomeIdle(state: ThreadState): void {
  Atomics.store(state, 0, IDLE);
  Atomics.notify(state, 0);
}
