import { useCallback, useEffect, useState } from 'preact/hooks';

/** What came of asking, as far as it is known. */
export interface Answer<Value> {
  value?: Value;
  error?: Error;
  /** Asks again, and shows the last answer meanwhile. */
  refresh(): void;
}

/**
 * Asks while a part of the page is shown, and again when what it depends on has changed. Who leaves gives it up.
 *
 * @param ask gets a signal that is aborted then
 */
export function useAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  dependsOn: readonly unknown[],
): Answer<Value> {
  const [answer, setAnswer] = useState<Omit<Answer<Value>, 'refresh'>>({});
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const leave = new AbortController();
    ask(leave.signal).then(
      (value) => leave.signal.aborted || setAnswer({ value }),
      (error: Error) => leave.signal.aborted || setAnswer({ error }),
    );
    return () => leave.abort();
  }, [...dependsOn, times]);
  const refresh = useCallback(() => setTimes((count) => count + 1), []);
  return { ...answer, refresh };
}
