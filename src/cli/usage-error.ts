/** The command cannot be run as it was typed, or not on this machine. Its message is all that the user has to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `parseArgs` says of arguments that it does not take, for the user of a command. */
export function usageErrorOf(error: unknown, command: string): unknown {
  if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) return error;
  // Node's first sentence says what is wrong; the others explain how arguments are written.
  const [sentence] = (error as Error).message.split(/\.\s|\n/);
  return new UsageError(`${sentence}. Run rekollect ${command} --help.`);
}
