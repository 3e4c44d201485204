import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { builtProgram } from './program.js';

/**
 * A program of this project in a process of its own, which does not outlive the test.
 *
 * @param limits as the shell's `ulimit` takes them
 */
export function startProcess(
  script: string,
  args: readonly string[],
  limits?: string,
): { process: ChildProcess; lines: AsyncIterableIterator<string>; ended: Promise<unknown> } {
  const command = [process.execPath, fileURLToPath(builtProgram(script)), ...args];
  const [program, ...parameters] = limits
    ? ['sh', '-c', `ulimit ${limits}; exec "$0" "$@"`, ...command]
    : command;
  const started = spawn(program!, parameters, {
    stdio: ['pipe', 'pipe', limits ? 'ignore' : 'inherit'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  onTestFinished(() => void started.kill('SIGKILL'));
  const lines = createInterface({ input: started.stdout! })[Symbol.asyncIterator]();
  return { process: started, lines, ended: once(started, 'exit') };
}
