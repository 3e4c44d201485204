import { once } from 'node:events';
import type { TransferListItem } from 'node:worker_threads';
import { UnreadableImageError } from '../../../errors.js';
import { Thread } from '../../../thread.js';
import { EngineBusyError, EngineClosedError, EngineCrashedError } from '../engine-errors.js';
import { BUSY, IDLE, waitAtExit } from './wait-at-exit.js';
import { fromFailure, type WorkerAnswer } from './worker-answer.js';
import type { Command, Ready, ThreadData } from './worker-loop.js';

export interface VisionPoolOptions {
  /** Most threads that take jobs. They start when there is work for them. */
  workers: number;
  /** Most bytes of all jobs that were taken and are not done; more are refused. A single job may have more. */
  limitPendingBytes: number;
  /** Milliseconds that a thread may take for a job. */
  timeLimit: number;
  /** Called with what a thread announces once it is ready, and before it ends. */
  onReady?: (value: unknown) => void;
  /** For each thread, as its `workerData`. */
  settings?: unknown;
}

export interface JobOptions {
  /**
   * How much memory it holds until it is done.
   *
   * @default 0
   */
  bytes?: number;
  signal?: AbortSignal | undefined;
}

/** A job as a thread gets it, and what of it is transferred instead of copied. */
export interface Message {
  content: unknown;
  transfer?: readonly TransferListItem[];
}

/**
 * A thread has few objects that live long, yet V8 would let those that live only briefly pile up to 48 MB before it sweeps
 * them out (nodejs.org/api/worker_threads.html). With this limit two threads took 50 MB less and as much time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 6 } as const;

/** Milliseconds for a thread to end a cancelled job, before another thread takes its place. */
const CANCEL_GRACE = 1000;

/** A job that was taken and is not done. */
class Job<Result> {
  /** Called when a thread is free, so that jobs that wait hold no copies. */
  readonly write: () => Message;
  readonly bytes: number;
  readonly result: Promise<Result>;
  resolve!: (result: Result) => void;
  reject!: (reason: unknown) => void;

  constructor(write: () => Message, bytes: number) {
    this.write = write;
    this.bytes = bytes;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

interface PoolWorker<Result> {
  thread: Thread;
  state: ThreadData['state'];
  /** Resolves when what it announced has been taken, or it has ended. */
  ready: Promise<void>;
  /** What it works on, perhaps cancelled. */
  job: Job<Result> | undefined;
  clock?: NodeJS.Timeout;
  /** Another thread has taken its place, as its cancelled job does not end. */
  isReplaced: boolean;
}

/**
 * Worker threads that take one job at a time each, first come, first served. Idle threads do not keep the process
 * alive; a thread that dies costs only the job it was working on.
 *
 * No thread is ever terminated: one that is inside machine code of the models would abort the process. It ends by
 * itself once its job is done.
 */
export class VisionPool<Result> {
  readonly #file: URL;
  readonly #options: VisionPoolOptions;
  readonly #workers = new Set<PoolWorker<Result>>();
  readonly #queue: Job<Result>[] = [];
  readonly #unfinished = new Set<Job<Result>>();
  /** Of the jobs in the queue and those that threads work on, cancelled or not. */
  #pendingBytes = 0;
  #closed: Promise<void> | undefined;

  /** @param file a module that calls `runJobs` */
  constructor(file: URL, options: VisionPoolOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * @throws EngineBusyError, EngineClosedError, EngineCrashedError, the signal's reason, what the worker threw, or an
   * UnreadableImageError when that took too long
   */
  async run(write: () => Message, { bytes = 0, signal }: JobOptions = {}): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#closed) throw new EngineClosedError();
    const { limitPendingBytes } = this.#options;
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > limitPendingBytes)
      throw new EngineBusyError(limitPendingBytes);

    const job = new Job<Result>(write, bytes);
    const onAbort = () => this.#cancel(job, signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#unfinished.add(job);
    this.#pendingBytes += bytes;
    this.#queue.push(job);
    this.#dispatch();
    try {
      return await job.result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#unfinished.delete(job);
    }
  }

  /** Ends the threads once every job that was taken is done, cancelled or not. Later jobs are refused. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    await Promise.allSettled([...this.#unfinished].map(({ result }) => result));
    await Promise.all([...this.#workers].map(end));
  }

  /** Takes the job out of the queue, or passes the cancellation on to the thread that works on it. */
  #cancel(job: Job<Result>, reason: unknown): void {
    job.reject(reason);
    const place = this.#queue.indexOf(job);
    if (place !== -1) {
      this.#queue.splice(place, 1);
      this.#release(job);
    }
    for (const worker of this.#workers) {
      if (worker.job !== job) continue;
      worker.thread.postMessage('cancel' satisfies Command);
      setTimeout(() => worker.job === job && this.#replace(worker), CANCEL_GRACE).unref();
    }
  }

  /** Goes on without this thread. As many as there are may be replaced: work that does not end must not pile up. */
  #replace(worker: PoolWorker<Result>): void {
    if (this.#workers.size >= 2 * this.#options.workers) return;
    worker.isReplaced = true;
    this.#dispatch();
  }

  #dispatch(): void {
    const { timeLimit } = this.#options;
    while (this.#queue.length > 0) {
      const threads = this.#workers.size;
      const worker = this.#freeWorker();
      if (!worker) return;
      const job = this.#queue.shift()!;
      worker.job = job;
      // Before the thread can become idle again.
      Atomics.store(worker.state, 0, BUSY);
      try {
        const { content, transfer } = job.write();
        worker.thread.postMessage({ job: content } satisfies Command, transfer);
        worker.thread.ref();
        worker.clock = setTimeout(() => this.#cancel(job, tooSlow(timeLimit)), timeLimit).unref();
      } catch (error) {
        Atomics.store(worker.state, 0, IDLE);
        this.#settle(worker, () => job.reject(error));
      }
      // Starting a thread blocks this one for some ten milliseconds, so the event loop gets a turn before the next.
      if (this.#workers.size > threads) return void setImmediate(() => this.#dispatch());
    }
  }

  #release({ bytes }: Job<Result>): void {
    this.#pendingBytes -= bytes;
  }

  #freeWorker(): PoolWorker<Result> | undefined {
    let inService = 0;
    for (const worker of this.#workers) {
      if (worker.isReplaced) continue;
      if (!worker.job) return worker;
      inService += 1;
    }
    return inService < this.#options.workers ? this.#startWorker() : undefined;
  }

  #startWorker(): PoolWorker<Result> {
    const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const thread = new Thread(this.#file, {
      workerData: { state, settings: this.#options.settings } satisfies ThreadData,
      resourceLimits: LIMITS,
    });
    let setReady!: () => void;
    const ready = new Promise<void>((resolve) => {
      setReady = resolve;
    });
    const worker: PoolWorker<Result> = { thread, state, ready, job: undefined, isReplaced: false };
    waitAtExit(thread, state);
    thread.unref();
    let causeOfDeath: unknown;
    thread.on('message', (answer: WorkerAnswer<Result> | Ready) => {
      if ('ready' in answer) {
        this.#options.onReady?.(answer.ready);
        return setReady();
      }
      this.#settle(worker, (job) => settle(job, answer));
      if (worker.isReplaced) void end(worker);
      else if (!this.#closed) thread.unref();
      this.#dispatch();
    });
    thread.on('error', (error) => {
      causeOfDeath = error;
    });
    thread.on('exit', () => {
      setReady();
      this.#workers.delete(worker);
      this.#settle(worker, (job) => job.reject(new EngineCrashedError({ cause: causeOfDeath })));
      this.#dispatch();
    });
    this.#workers.add(worker);
    return worker;
  }

  /** The job of the thread has ended, in one way or another. */
  #settle(worker: PoolWorker<Result>, settle: (job: Job<Result>) => void): void {
    const { job, clock } = worker;
    clearTimeout(clock);
    if (!job) return;
    worker.job = undefined;
    this.#release(job);
    settle(job);
  }
}

function settle<Result>(job: Job<Result>, answer: WorkerAnswer<Result>): void {
  if ('failure' in answer) job.reject(fromFailure(answer.failure));
  else job.resolve(answer.result);
}

/** Resolves when the thread has ended, after its job. */
async function end({ thread, ready }: { thread: Thread; ready: Promise<void> }): Promise<void> {
  // An error that it ends with was reported by its job.
  const ended = once(thread, 'exit').catch(() => {});
  thread.ref();
  // A library that ends with its thread, before this one has taken hold of it, cannot be loaded a second time.
  await ready;
  thread.postMessage('end' satisfies Command);
  await ended;
}

function tooSlow(milliseconds: number): UnreadableImageError {
  const message = `it was not read within ${milliseconds / 1000} seconds.`;
  return new UnreadableImageError('The image', 'TOO_COSTLY', message);
}
