import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { UnreadableImageError } from '../../src/errors.js';
import {
  EngineBusyError,
  EngineClosedError,
  EngineCrashedError,
} from '../../src/local/vision/engine-errors.js';
import { VisionPool, type VisionPoolOptions } from '../../src/local/vision/threads/vision-pool.js';
import { builtProgram } from '../support/program.js';
import type { FakeJob } from './fake-worker.js';

const WORKER = builtProgram('test/vision/fake-worker.ts');
const pools: VisionPool<string>[] = [];

function aPool(options: Partial<VisionPoolOptions> = {}): VisionPool<string> {
  const pool = new VisionPool<string>(WORKER, {
    workers: 1,
    limitPendingBytes: 10,
    timeLimit: 60_000,
    ...options,
  });
  pools.push(pool);
  return pool;
}

const write = (job: FakeJob) => () => ({ content: job });
const answer = (text: string) => write({ do: 'answer', with: text });

/** A job that its thread holds until it is released. */
function aHeldJob(text: string) {
  const { port1, port2 } = new MessageChannel();
  return {
    write: () => ({ content: { do: 'wait', for: port2, with: text } satisfies FakeJob, transfer: [port2] }),
    started: once(port1, 'message'),
    release: () => port1.postMessage('go on'),
  };
}

/** A job that a thread works on, and nobody waits for any more. */
async function aGivenUpJob(pool: ReturnType<typeof aPool>) {
  const held = aHeldJob('nobody wants this');
  const caller = new AbortController();
  const running = pool.run(held.write, { signal: caller.signal });
  await held.started;
  caller.abort();
  await expect(running).rejects.toThrow();
  return held;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('VisionPool', () => {
  it('gives each caller the answer to their own job', async () => {
    const pool = aPool({ workers: 2 });
    const texts = ['a', 'b', 'c', 'd', 'e'];
    expect(await Promise.all(texts.map((text) => pool.run(answer(text))))).toEqual(texts);
  });

  it('works on as many jobs at a time as it has threads, first come, first served', async () => {
    const pool = aPool({ workers: 2 });
    const [first, second] = [aHeldJob('first'), aHeldJob('second')];
    const done: string[] = [];
    const note = (text: string) => done.push(text);
    const jobs = [
      pool.run(first.write).then(note),
      pool.run(second.write).then(note),
      pool.run(answer('third')).then(note),
      pool.run(answer('fourth')).then(note),
    ];
    await Promise.all([first.started, second.started]);
    expect(done).toEqual([]);
    second.release();
    await jobs[3];
    expect(done).toEqual(['second', 'third', 'fourth']);
    first.release();
    await Promise.all(jobs);
  });

  it('writes a job only when a thread is free for it', async () => {
    const pool = aPool();
    const held = aHeldJob('held');
    const running = pool.run(held.write);
    await held.started;
    let written = false;
    const waiting = pool.run(() => {
      written = true;
      return answer('next')();
    });
    expect(written).toBe(false);
    held.release();
    await Promise.all([running, waiting]);
    expect(written).toBe(true);
  });

  it('refuses a job when those that run and wait hold too much, and takes one again later', async () => {
    const pool = aPool();
    const held = aHeldJob('held');
    const running = pool.run(held.write, { bytes: 6 });
    const waiting = pool.run(answer('waiting'), { bytes: 4 });
    await expect(pool.run(answer('refused'), { bytes: 1 })).rejects.toThrow(EngineBusyError);
    held.release();
    expect(await Promise.all([running, waiting])).toEqual(['held', 'waiting']);
    expect(await pool.run(answer('taken'), { bytes: 10 })).toBe('taken');
  });

  it('takes a job that holds more than all may, when it is alone', async () => {
    expect(await aPool().run(answer('large'), { bytes: 11 })).toBe('large');
  });

  it('counts what a job holds until its thread lets go, and no longer than it waits', async () => {
    const pool = aPool();
    const held = aHeldJob('nobody wants this');
    const callers = [new AbortController(), new AbortController()] as const;
    const running = pool.run(held.write, { bytes: 6, signal: callers[0].signal });
    const waiting = pool.run(answer('dropped'), { bytes: 4, signal: callers[1].signal });
    await held.started;
    for (const caller of callers) caller.abort();
    await Promise.allSettled([running, waiting]);
    await expect(pool.run(answer('refused'), { bytes: 5 })).rejects.toThrow(EngineBusyError);
    const next = pool.run(answer('next'), { bytes: 4 });
    held.release();
    expect(await next).toBe('next');
  });

  it('tells the thread when nobody waits any more', async () => {
    const pool = aPool();
    const caller = new AbortController();
    const running = pool.run(write({ do: 'wait until it is cancelled' }), { signal: caller.signal });
    caller.abort(new Error('Never mind.'));
    await expect(running).rejects.toThrow('Never mind.');
    expect(await pool.run(answer('next'))).toBe('next');
  });

  it('cancels a job that takes too long', async () => {
    const pool = aPool({ timeLimit: 50 });
    await expect(pool.run(write({ do: 'wait until it is cancelled' }))).rejects.toMatchObject({
      problem: 'TOO_COSTLY',
      message: 'The image: it was not read within 0.05 seconds.',
    });
  });

  it('goes on without a thread that does not give its job up, and ends it when the job is done', async () => {
    const pool = aPool();
    const held = await aGivenUpJob(pool);
    const other = await pool.run(write({ do: 'tell the thread' }));
    held.release();
    expect(await pool.run(write({ do: 'tell the thread' }))).toBe(other);
  });

  it('drops a waiting job when its signal aborts', async () => {
    const pool = aPool();
    const held = aHeldJob('held');
    const running = pool.run(held.write);
    const caller = new AbortController();
    let written = false;
    const waiting = pool.run(
      () => {
        written = true;
        return answer('dropped')();
      },
      { signal: caller.signal },
    );
    caller.abort(new Error('Never mind.'));
    await expect(waiting).rejects.toThrow('Never mind.');
    held.release();
    await running;
    expect(await pool.run(answer('next'))).toBe('next');
    expect(written).toBe(false);
  });

  it('stops waiting for a running job when its signal aborts, and uses the thread again afterwards', async () => {
    const pool = aPool();
    const held = aHeldJob('nobody wants this');
    const caller = new AbortController();
    const running = pool.run(held.write, { signal: caller.signal });
    await held.started;
    caller.abort(new Error('Never mind.'));
    await expect(running).rejects.toThrow('Never mind.');
    const next = pool.run(answer('next'));
    held.release();
    expect(await next).toBe('next');
  });

  it('takes no job whose signal has aborted already', async () => {
    await expect(
      aPool().run(answer('late'), { signal: AbortSignal.abort(new Error('Too late.')) }),
    ).rejects.toThrow('Too late.');
  });

  it('loses only the job of a thread that dies, and starts another thread', async () => {
    const pool = aPool();
    const dying = pool.run(write({ do: 'die' }));
    const waiting = pool.run(answer('alive'));
    const error = await dying.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineCrashedError);
    expect(error).toMatchObject({ code: 'ENGINE_CRASHED', cause: { message: 'Out of memory.' } });
    expect(await waiting).toBe('alive');
  });

  it('throws what the worker threw, with its class, fields and cause', async () => {
    const error = await aPool()
      .run(write({ do: 'fail' }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableImageError);
    expect(error).toMatchObject({
      name: 'UnreadableImageError',
      code: 'UNREADABLE_IMAGE',
      image: 'party.jpg',
      problem: 'NOT_AN_IMAGE',
      message: 'party.jpg: it is empty.',
      cause: { message: 'why' },
    });
  });

  it('passes on that a job could not be written', async () => {
    const pool = aPool();
    const broken = pool.run(() => {
      throw new Error('No bytes.');
    });
    await expect(broken).rejects.toThrow('No bytes.');
    expect(await pool.run(answer('next'))).toBe('next');
  });

  it('passes on what a thread announces once it is ready, before the thread has ended', async () => {
    const said: unknown[] = [];
    const pool = aPool({ workers: 1, onReady: (what) => void said.push(what) });
    await pool.run(answer('a'));
    await pool.close();
    expect(said).toEqual(['fake']);
  });

  it('finishes what it has taken when it is closed, and takes no more', async () => {
    const pool = aPool();
    const held = aHeldJob('held');
    const running = pool.run(held.write);
    const waiting = pool.run(answer('waiting'));
    const closed = pool.close();
    await expect(pool.run(answer('late'))).rejects.toThrow(EngineClosedError);
    held.release();
    expect(await Promise.all([running, waiting])).toEqual(['held', 'waiting']);
    await closed;
  });

  it('waits for a thread whose job was cancelled when it is closed', async () => {
    const pool = aPool();
    const held = await aGivenUpJob(pool);
    let isClosed = false;
    const closed = pool.close().then(() => {
      isClosed = true;
    });
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    held.release();
    await closed;
  });

  it('can be closed twice, and before it was ever used', async () => {
    const pool = aPool();
    await pool.close();
    await pool.close();
  });
});
