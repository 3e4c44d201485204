/** What the library takes from `node:timers/promises`. */
export function setTimeout<Value>(
  milliseconds: number,
  value?: Value,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve(value);
    }, milliseconds);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
