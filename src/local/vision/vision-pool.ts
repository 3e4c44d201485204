import { type TransferListItem, Worker } from 'node:worker_threads';
import { EngineBusyError, EngineClosedError, EngineCrashedError } from './engine-errors.js';
import { fromFailure, type WorkerAnswer } from './worker-answer.js';
import { loadingOptions } from './worker-file.js';

export interface VisionPoolOptions {
  /** Most threads at a time. They start when there is work for them. */
  workers: number;
  /** Most jobs that wait for a thread; more are refused. */
  queueLimit: number;
}

/** A job as a thread gets it, and what of it is handed over instead of copied. */
export interface Message {
  content: unknown;
  transfer?: readonly TransferListItem[];
}

interface PendingJob<Result> {
  /** Called when a thread is free, so that jobs that wait hold no copies. */
  write: () => Message;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/** A thread, and the job it works on; `abandoned` when nobody waits for that job's answer any more. */
interface PoolWorker<Result> {
  thread: Worker;
  job: PendingJob<Result> | 'abandoned' | undefined;
}

/**
 * Worker threads that take one job at a time each, first come, first served. Idle threads do not keep the process
 * alive; a thread that dies costs only the job it was working on.
 */
export class VisionPool<Result> {
  readonly #file: URL;
  readonly #options: VisionPoolOptions;
  readonly #workers = new Set<PoolWorker<Result>>();
  readonly #queue: PendingJob<Result>[] = [];
  #closed: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;

  /** @param file a module that answers each message with one `WorkerAnswer<Result>` */
  constructor(file: URL, options: VisionPoolOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * @throws EngineBusyError, EngineClosedError, EngineCrashedError, the signal's reason, or what the worker threw
   */
  run(write: () => Message, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      if (this.#closed) throw new EngineClosedError();
      const job: PendingJob<Result> = { write, resolve, reject };
      if (signal) this.#heed(signal, job);
      this.#queue.push(job);
      this.#dispatch();
      if (this.#queue.length > this.#options.queueLimit) {
        this.#queue.pop();
        job.reject(new EngineBusyError(this.#queue.length));
      }
    });
  }

  /** Ends the threads once every job that was taken is done. Later jobs are refused. */
  close(): Promise<void> {
    this.#closed ??= this.#drain().then(async () => {
      await Promise.all([...this.#workers].map(({ thread }) => thread.terminate()));
    });
    return this.#closed;
  }

  /** Makes a job end with its signal: taken out of the queue, or left to a thread that works for nobody. */
  #heed(signal: AbortSignal, job: PendingJob<Result>): void {
    const onAbort = () => {
      const place = this.#queue.indexOf(job);
      if (place !== -1) this.#queue.splice(place, 1);
      for (const worker of this.#workers) if (worker.job === job) this.#abandon(worker);
      job.reject(signal.reason);
      this.#noticeDrained();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const { resolve, reject } = job;
    job.resolve = (result) => {
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    job.reject = (reason) => {
      signal.removeEventListener('abort', onAbort);
      reject(reason);
    };
  }

  #abandon(worker: PoolWorker<Result>): void {
    worker.job = 'abandoned';
    worker.thread.unref();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
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

  #freeWorker(): PoolWorker<Result> | undefined {
    for (const worker of this.#workers) if (!worker.job) return worker;
    return this.#workers.size < this.#options.workers ? this.#startWorker() : undefined;
  }

  #startWorker(): PoolWorker<Result> {
    const thread = new Worker(this.#file, loadingOptions(this.#file));
    const worker: PoolWorker<Result> = { thread, job: undefined };
    thread.unref();
    let cause: unknown;
    thread.on('message', (answer: WorkerAnswer<Result>) => {
      const { job } = worker;
      worker.job = undefined;
      thread.unref();
      if (job && job !== 'abandoned') settle(job, answer);
      this.#dispatch();
      this.#noticeDrained();
    });
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => {
      this.#workers.delete(worker);
      const { job } = worker;
      if (job && job !== 'abandoned') job.reject(new EngineCrashedError({ cause }));
      this.#dispatch();
      this.#noticeDrained();
    });
    this.#workers.add(worker);
    return worker;
  }

  #isDrained(): boolean {
    return this.#queue.length === 0 && [...this.#workers].every(({ job }) => !job || job === 'abandoned');
  }

  #drain(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  #noticeDrained(): void {
    if (this.#isDrained()) this.#onDrained?.();
  }
}

function settle<Result>(job: PendingJob<Result>, answer: WorkerAnswer<Result>): void {
  if ('failure' in answer) job.reject(fromFailure(answer.failure));
  else job.resolve(answer.result);
}
