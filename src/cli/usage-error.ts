import type { CommanderError } from '@commander-js/extra-typings';

/** The command cannot be run as it was typed, or not on this machine. Its message is all that the user has to see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

/** What Commander says of arguments that it does not take, for the user of a command. */
export function usageErrorOf({ message }: CommanderError, command: string): UsageError {
  const [, problem = '', suggestion = ''] = /^error: (.*?)(?:\n\((.*)\))?$/s.exec(message) ?? ['', message];
  const unknown = /^unknown command '(.*)'$/s.exec(problem)?.[1];
  const sentence =
    unknown === undefined ? problem[0]?.toUpperCase() + problem.slice(1) : `There is no command ${unknown}`;
  const help = `Run ${command === 'rekollect' ? '' : 'rekollect '}${command} --help.`;
  return new UsageError([sentence.replace(/\.?$/, '.'), suggestion, help].filter(Boolean).join(' '));
}
