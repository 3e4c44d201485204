import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtProgram } from '../support/program.js';

// `npm run bench -- endings` tries more ways to end, at many more moments.
describe('a process that ends while photos are read', () => {
  it.each([
    ['abort, nothing more', 0],
    ['uncaught error', 1],
  ] as const)('does not die of it: %s', async (ending, expected) => {
    const child = fork(builtProgram('bench/endings/ending-process.ts'), [ending, '150', 'warm'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect((await once(child, 'exit'))[0]).toBe(expected);
  });
});
