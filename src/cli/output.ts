import { styleText } from 'node:util';
import { besideProgress } from './progress.js';

/** Whether anybody still reads what is printed: `rekollect faces | head` stops reading when it has enough. */
let isRead = true;

/** Has to be called before anything is printed. */
export function watchOutput(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') throw new Error(`The answer cannot be written: ${code}`);
    isRead = false;
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
}

/**
 * Prints an answer: a line of JSON for scripts, or text for people.
 *
 * @returns whether anybody still reads
 */
export function answer(
  { json }: { json?: boolean | undefined },
  value: object,
  text: string | readonly string[],
): boolean {
  const lines = json ? [toJson(value)] : [text].flat().map(printable);
  if (isRead && lines.length > 0) besideProgress(() => process.stdout.write(`${lines.join('\n')}\n`));
  return isRead;
}

/** What went wrong with one of many, or should be looked at, on stderr. */
export function warn({ json }: { json?: boolean | undefined }, problem: Problem): void {
  const text = json ? toJson({ error: problem }) : `rekollect: ${printable(problem.message)}`;
  besideProgress(() => process.stderr.write(`${text}\n`));
}

/** What is printed of an error. */
export interface Problem {
  code: string;
  message: string;
}

/** Errors have no members of their own that JSON would show. */
export function toJson(value: object): string {
  return JSON.stringify(value, (_, member) => (member instanceof Error ? problemOf(member) : member));
}

export function problemOf(error: Error & { code?: unknown }): Problem {
  const { code = error.name, message } = error;
  return { code: String(code), message };
}

/** `1 photo`, `2 photos`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How long a plan takes, as the end of a sentence; nothing where no pace holds it back. */
export function pacedBy({ seconds }: { seconds: number }): string {
  return seconds > 0 ? `, ${Math.ceil(seconds)} s or more` : '';
}

/** What the eye looks for on a terminal, unless `NO_COLOR` is set. */
export function inBold(text: string): string {
  return styleText('bold', text);
}

/** A name of a file may hold what commands a terminal; what `inBold` writes is harmless. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for.
  return text.replace(/(?!\n|\t|\x1b\[\d+m)\p{Cc}/gu, '\u{fffd}');
}
