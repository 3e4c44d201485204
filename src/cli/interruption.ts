/** The user, or the system, asked the command to end. */
export class InterruptedError extends Error {
  readonly code = 'INTERRUPTED';
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals, number: number) {
    super(`Stopped by ${signal}.`);
    this.name = 'InterruptedError';
    this.exitCode = 128 + number;
  }
}

/** Aborts at the first Ctrl-C, or SIGTERM. The second ends the process, whatever is in flight. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals, number: number) => {
    if (controller.signal.aborted) process.exit(128 + number);
    controller.abort(new InterruptedError(signal, number));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return controller.signal;
}
