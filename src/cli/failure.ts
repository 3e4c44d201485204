import { CommanderError } from '@commander-js/extra-typings';
import type { ImageSource } from '../index.js';
import { isNoError } from './command.js';
import { InterruptedError } from './interruption.js';
import { type Problem, problemOf } from './output.js';
import { UsageError } from './usage-error.js';

/** How a command ends that ended with an error. */
export interface Failure {
  exitCode: number;
  /** Nothing is said of help that was printed. */
  problem?: Problem;
}

/** The library's names for what are options here, where they differ by more than their spelling. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  suggestionThreshold: 'suggest',
  uniqueUsers: 'unique',
  collectionId: 'collection',
  allowedHosts: 'allow-host',
};

export function failureOf(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
  if (error instanceof CommanderError && isNoError(error)) return { exitCode: 0 };
  if (error instanceof InterruptedError) return { exitCode: error.exitCode, problem: problemOf(error) };
  const problem = inWordsOfTheCommand(error);
  if (error instanceof UsageError || problem.code === 'INVALID_ARGUMENT') return { exitCode: 2, problem };
  // A mistake of ours is reported with where it was made.
  const isMistake = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  if (isMistake && problem.code === error.name) problem.message = error.stack ?? error.message;
  return { exitCode: 1, problem };
}

/** What went wrong with one photo of many, which the message names. */
export function problemWith(photo: ImageSource, error: Error): Problem {
  const problem = inWordsOfTheCommand(error);
  const isNamed = problem.message.startsWith(photo.name);
  return isNamed ? problem : { ...problem, message: `${photo.name}: ${problem.message}` };
}

/** What the library says of its methods and options, said of commands and their options. */
function inWordsOfTheCommand(error: Error): Problem {
  const problem = problemOf(error);
  // Only an import meets it: enrolling takes the collection that is there.
  if (error.name === 'ResourceAlreadyExistsException')
    return {
      ...problem,
      message: `${problem.message} --replace takes its place, and --collection another name.`,
    };
  const message = problem.message
    .replace(/^options\.(\w+)/, (_, name: string) => `--${OPTION_NAMES[name] ?? toKebab(name)}`)
    .replace(/^collectionId\b/, '--collection')
    .replace(/^folders\./, '--bucket ')
    .replace(/or give the client one: \{.*\}/, 'or give --region')
    .replace(/create\(\) makes the collection "(.*?)".*/, 'rekollect enroll makes the collection "$1".');
  return { ...problem, message };
}

function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
