import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** The command as it was built. */
export const COMMAND = [process.execPath, 'dist/cli.js'];

const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, npm_command, CI, NO_COLOR, FORCE_COLOR, ...environment } =
  process.env;

/** What a run of the command prints, which grows, and its exit code once it has ended. */
export type Run = ReturnType<typeof rekollect>;

/** Runs the command in a pipe. */
export function rekollect(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  [program, ...first] = COMMAND,
) {
  const child = spawn(program!, [...first, ...args], {
    env: { ...environment, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = { child, ended, stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    run.stdout += data;
  });
  child.stderr.on('data', (data) => {
    run.stderr += data;
  });
  child.stdin.on('error', () => {});
  return run;
}

/** Runs it on a terminal of its own, on which both streams are. What is written to its `stdin` is typed. */
export function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const line = [...COMMAND, ...args].map((part) => `'${part}'`).join(' ');
  return rekollect([], { TERM: 'xterm', ...env }, ['script', '-qec', line, '/dev/null']);
}

/** Resolves when a run has printed this. Rejects when it ends without. */
export async function printed(run: Run, text: string, on: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = () => run[on].includes(text) && resolve();
    run.child[on].on('data', look);
    run.ended.then(() => reject(new Error(`It ended with ${run.stdout}${run.stderr}`)));
    look();
  });
}
