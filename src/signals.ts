/** What is to be done when a signal aborts. */
type Listener = () => void;

const listeners = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls back when the signal aborts. However many wait for a signal, it gets one listener: with more than ten of them
 * Node warns of a leak.
 *
 * @returns forgets the listener
 */
export function onAbort(signal: AbortSignal, listener: Listener): () => void {
  let waiting = listeners.get(signal);
  if (!waiting) {
    waiting = new Set();
    listeners.set(signal, waiting);
  }
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
 * Runs a task under a signal of its own, and stops waiting for it once the caller's signal aborts, whether the task
 * heeds it or not.
 *
 * @param graceMs how long the task may go on after that, as it must where half of it would be worse than all of it
 */
export async function underSignal<Result>(
  signal: AbortSignal | undefined,
  task: (own: AbortSignal | undefined) => Promise<Result>,
  graceMs = 0,
): Promise<Result> {
  if (!signal) return task(undefined);
  signal.throwIfAborted();
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let forget: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const giveUp = () => {
        reject(signal.reason);
        own.abort(signal.reason);
      };
      forget = onAbort(signal, () => {
        if (graceMs === 0) giveUp();
        else timer = setTimeout(giveUp, graceMs);
      });
      task(own.signal).then(resolve, reject);
    });
  } finally {
    forget?.();
    clearTimeout(timer);
  }
}
