import { useEffect, useRef, useState } from 'preact/hooks';

/** Something that a person set going. */
export interface Task {
  isRunning: boolean;
  error?: Error;
  /** Does it, unless something is being done. @returns whether it was done */
  run(work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Ends what is being done. */
  stop(): void;
}

/** One thing at a time. It ends when the part of the page that set it going is left. */
export function useTask(): Task {
  const [state, setState] = useState<{ isRunning: boolean; error?: Error }>({ isRunning: false });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  return {
    ...state,
    async run(work) {
      if (running.current) return false;
      const own = new AbortController();
      running.current = own;
      setState({ isRunning: true });
      try {
        await work(own.signal);
        setState({ isRunning: false });
        return true;
      } catch (error) {
        setState({ isRunning: false, ...(error !== own.signal.reason && { error: error as Error }) });
        return false;
      } finally {
        running.current = undefined;
      }
    },
    stop: () => running.current?.abort(),
  };
}
