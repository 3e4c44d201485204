import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests import the package by its name, as users do; the exact match keeps the entries apart.
    alias: [
      { find: /^rekollect$/, replacement: source('src/index.ts') },
      { find: /^rekollect\/local$/, replacement: source('src/local/index.ts') },
      { find: /^rekollect\/server$/, replacement: source('src/server/index.ts') },
      { find: /^rekollect\/testing$/, replacement: source('src/testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Generous, for machines that are busy with something else: nothing here waits on a clock.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One fork for each core: many tests wait for child processes and worker threads.
    maxWorkers: '100%',
  },
});
