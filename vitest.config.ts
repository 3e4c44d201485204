import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const TESTS = ['test/**/*.test.ts'];
/** These want a process of their own: they mock modules, count what a process holds, or run others for minutes. */
const ALONE = [
  'test/local/{backup,disk,disk-crash,disk-damage,search-thread}.test.ts',
  'test/package/**/*.test.ts',
  'test/server/contract.test.ts',
  'test/vision/another-engine.test.ts',
];

export default defineConfig({
  resolve: {
    // Tests import the package by its name, as users do; the exact match keeps the entries apart.
    alias: [
      { find: /^.*\/thread-entry\.js$/, replacement: source('test/support/thread-entry.ts') },
      { find: /^rekollect$/, replacement: source('src/index.ts') },
      { find: /^rekollect\/local$/, replacement: source('src/local/index.ts') },
      { find: /^rekollect\/server$/, replacement: source('src/server/index.ts') },
      { find: /^rekollect\/testing$/, replacement: source('src/testing/index.ts') },
      { find: /^rekollect\/evaluation$/, replacement: source('src/evaluation/index.ts') },
    ],
  },
  test: {
    // Generous, for machines that are busy with something else: nothing here waits on a clock.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/build-page.ts', 'test/support/build-programs.ts'],
    pool: 'forks',
    // One fork for each core: many tests wait for child processes and worker threads.
    maxWorkers: '100%',
    projects: [
      // Files share a process, which loads the SDK, sharp and ONNX Runtime once.
      { extends: true, test: { name: 'shared', include: TESTS, exclude: ALONE, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
