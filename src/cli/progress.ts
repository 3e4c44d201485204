import { stripVTControlCharacters } from 'node:util';

const BAR = 20;

/** How far it is. There may be no total yet. */
export interface Step {
  done: number;
  total?: number | undefined;
  /** What was done last, or is being done. */
  latest: string;
}

let drawn = '';

/** Whether a line is rewritten in place: on a terminal, and not in the log of a build. */
export function isProgressDrawn(): boolean {
  return process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb';
}

/** Draws the line on stderr, where nothing that a script reads is. Draws nothing in a pipe. */
export function draw({ done, total, latest }: Step): void {
  if (!isProgressDrawn()) return;
  const filled = total ? Math.round((BAR * Math.min(done, total)) / total) : 0;
  const bar = total ? `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${done}/${total} ` : `${done} `;
  // A name may hold what moves the cursor.
  const text = stripVTControlCharacters(bar + latest).replace(/\p{Cc}/gu, ' ');
  // A line that wraps could not be taken back.
  drawn = text.slice(0, (process.stderr.columns || 80) - 1);
  process.stderr.write(`\r\x1b[2K${drawn}`);
}

/** Writes while no progress is on the screen, and draws it again below. */
export function besideProgress(write: () => void): void {
  if (drawn) process.stderr.write('\r\x1b[2K');
  write();
  if (drawn) process.stderr.write(drawn);
}

/** Takes the line away. */
export function wipe(): void {
  if (drawn) process.stderr.write('\r\x1b[2K');
  drawn = '';
}
