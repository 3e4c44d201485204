type Listener = () => void;

const listeners = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls back when the signal aborts. However many wait for a signal, it gets one listener: with more than ten
 * of them Node warns of a leak.
 *
 * @returns what forgets the listener
 */
function onAbort(signal: AbortSignal, listener: Listener): () => void {
  const waiting = listeners.get(signal) ?? new Set();
  listeners.set(signal, waiting);
  if (waiting.size === 0) signal.addEventListener('abort', callAll, { once: true });
  waiting.add(listener);
  return () => {
    if (waiting.delete(listener) && waiting.size === 0) signal.removeEventListener('abort', callAll);
  };
}

function callAll(this: AbortSignal): void {
  for (const listener of [...(listeners.get(this) ?? [])]) listener();
}

/**
 * A signal for one task, which may have a few listeners, that aborts with the caller's until it is released.
 */
export function derivedSignal(signal: AbortSignal): { signal: AbortSignal; release: () => void } {
  const own = new AbortController();
  return { signal: own.signal, release: onAbort(signal, () => own.abort(signal.reason)) };
}

/**
 * Runs a task under a signal of its own, and does not wait for ever once the caller's signal aborts: a task
 * may not heed it.
 *
 * @param finishMs how long the task may go on before its own signal aborts: all of it may be better than half of it
 * @param settleMs how long it has to end after that; a result in time counts
 */
export async function underSignal<Result>(
  signal: AbortSignal | undefined,
  task: (own: AbortSignal | undefined) => Promise<Result>,
  { finishMs = 0, settleMs = 0 } = {},
): Promise<Result> {
  if (!signal) return task(undefined);
  signal.throwIfAborted();
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const after = (ms: number, next: () => void) => {
    if (ms === 0) next();
    else timer = setTimeout(next, ms);
  };
  let forget: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const abort = () => {
        own.abort(signal.reason);
        after(settleMs, () => reject(signal.reason));
      };
      forget = onAbort(signal, () => after(finishMs, abort));
      // Clients throw an AbortError of their own, which forgets why the caller gave up.
      task(own.signal).then(resolve, (error) => reject(own.signal.aborted ? signal.reason : error));
    });
  } finally {
    forget?.();
    clearTimeout(timer);
  }
}
