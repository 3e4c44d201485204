import { type TransferListItem, Worker } from 'node:worker_threads';
import { EngineBusyError, EngineClosedError, EngineCrashedError } from '../engine-errors.js';
import { fromFailure, type WorkerAnswer } from './worker-answer.js';
import { loadingOptions } from './worker-file.js';

export interface VisionPoolOptions {
  /** Most threads at a time. They start when there is work for them. */
  workers: number;
  /** Most jobs that wait for a thread; more are refused. */
  queueLimit: number;
  /** Done before the first thread starts. When it fails, so do the jobs that wait for it. */
  prepare?: () => Promise<unknown>;
  /** What each thread finds as its `workerData`. */
  workerData?: unknown;
}

/** A job as a thread gets it, and what of it is handed over instead of copied. */
export interface Message {
  content: unknown;
  transfer?: readonly TransferListItem[];
}

/**
 * A thread has few objects that live long, yet V8 would let those that live only briefly pile up to 48 MB before it sweeps
 * them out (nodejs.org/api/worker_threads.html). With this limit two threads took 50 MB less and as much time.
 */
const LIMITS = { maxYoungGenerationSizeMb: 6 } as const;

/** A job that was taken and is not done. */
class Job<Result> {
  /** Called when a thread is free, so that jobs that wait hold no copies. */
  readonly write: () => Message;
  readonly result: Promise<Result>;
  resolve!: (result: Result) => void;
  reject!: (reason: unknown) => void;

  constructor(write: () => Message) {
    this.write = write;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** A thread, and the job it works on; `abandoned` when nobody waits for that job any more. */
interface PoolWorker<Result> {
  thread: Worker;
  job: Job<Result> | 'abandoned' | undefined;
}

/**
 * Worker threads that take one job at a time each, first come, first served. Idle threads do not keep the process
 * alive; a thread that dies costs only the job it was working on.
 */
export class VisionPool<Result> {
  readonly #file: URL;
  readonly #options: VisionPoolOptions;
  readonly #workers = new Set<PoolWorker<Result>>();
  readonly #queue: Job<Result>[] = [];
  readonly #unfinished = new Set<Job<Result>>();
  #preparation: Promise<void> | undefined;
  #isPrepared = false;
  #closed: Promise<void> | undefined;

  /** @param file a module that answers each message with one `WorkerAnswer<Result>` */
  constructor(file: URL, options: VisionPoolOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * @throws EngineBusyError, EngineClosedError, EngineCrashedError, the signal's reason, or what the worker threw
   */
  async run(write: () => Message, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#closed) throw new EngineClosedError();
    const waiting = this.#queue.length - this.#freeThreads();
    if (waiting >= this.#options.queueLimit) throw new EngineBusyError(waiting);

    const job = new Job<Result>(write);
    const onAbort = () => this.#abort(job, signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#unfinished.add(job);
    this.#queue.push(job);
    this.#preparation ??= this.#prepare();
    this.#dispatch();
    try {
      return await job.result;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#unfinished.delete(job);
    }
  }

  /** Ends the threads once every job that was taken is done. Later jobs are refused. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    await Promise.allSettled([...this.#unfinished].map(({ result }) => result));
    await Promise.all([...this.#workers].map(({ thread }) => thread.terminate()));
  }

  /** Takes the job out of the queue, or leaves it to a thread that works for nobody. */
  #abort(job: Job<Result>, reason: unknown): void {
    const place = this.#queue.indexOf(job);
    if (place !== -1) this.#queue.splice(place, 1);
    for (const worker of this.#workers) {
      if (worker.job !== job) continue;
      worker.job = 'abandoned';
      worker.thread.unref();
    }
    job.reject(reason);
  }

  async #prepare(): Promise<void> {
    try {
      await this.#options.prepare?.();
      this.#isPrepared = true;
      this.#dispatch();
    } catch (error) {
      this.#preparation = undefined;
      for (const job of this.#queue.splice(0)) job.reject(error);
    }
  }

  #dispatch(): void {
    while (this.#isPrepared && this.#queue.length > 0) {
      const worker = this.#freeWorker();
      if (!worker) return;
      const job = this.#queue.shift()!;
      try {
        const { content, transfer } = job.write();
        worker.thread.postMessage(content, transfer);
        worker.job = job;
        worker.thread.ref();
      } catch (error) {
        job.reject(error);
      }
    }
  }

  /** How many more jobs could be worked on now, by threads that run or would be started. */
  #freeThreads(): number {
    const busy = [...this.#workers].filter(({ job }) => job).length;
    return this.#options.workers - busy;
  }

  #freeWorker(): PoolWorker<Result> | undefined {
    for (const worker of this.#workers) if (!worker.job) return worker;
    return this.#workers.size < this.#options.workers ? this.#startWorker() : undefined;
  }

  #startWorker(): PoolWorker<Result> {
    const { workerData } = this.#options;
    const thread = new Worker(this.#file, {
      ...loadingOptions(this.#file),
      workerData,
      resourceLimits: LIMITS,
    });
    const worker: PoolWorker<Result> = { thread, job: undefined };
    thread.unref();
    let causeOfDeath: unknown;
    thread.on('message', (answer: WorkerAnswer<Result>) => {
      const { job } = worker;
      worker.job = undefined;
      thread.unref();
      if (job instanceof Job) settle(job, answer);
      this.#dispatch();
    });
    thread.on('error', (error) => {
      causeOfDeath = error;
    });
    thread.on('exit', () => {
      this.#workers.delete(worker);
      if (worker.job instanceof Job) worker.job.reject(new EngineCrashedError({ cause: causeOfDeath }));
      this.#dispatch();
    });
    this.#workers.add(worker);
    return worker;
  }
}

function settle<Result>(job: Job<Result>, answer: WorkerAnswer<Result>): void {
  if ('failure' in answer) job.reject(fromFailure(answer.failure));
  else job.resolve(answer.result);
}
