/** The command cannot be run as it was typed, or not on this machine. Its message is all that the user has to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
