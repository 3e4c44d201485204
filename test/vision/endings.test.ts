import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';

// `npm run bench -- endings` tries many more moments.
describe('a process that ends while photos are read', () => {
  it.each([
    ['abort, close', 0],
    ['abort, nothing more', 0],
    ['process.exit', 0],
    ['uncaught error', 1],
  ] as const)('does not die of it: %s', async (ending, expected) => {
    const codes = [100, 250].map(async (wait) => {
      const child = fork('bench/endings/ending-process.ts', [ending, String(wait), 'warm'], {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return (await once(child, 'exit'))[0];
    });
    expect(await Promise.all(codes)).toEqual([expected, expected]);
  });
});
