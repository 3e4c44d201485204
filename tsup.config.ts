import { defineConfig, type Options } from 'tsup';
import { bundledLicences } from './tools/bundled-licences.js';

/** What is imported, or required. */
const ENTRIES = {
  index: 'src/index.ts',
  local: 'src/local/index.ts',
  server: 'src/server/index.ts',
  testing: 'src/testing/index.ts',
  evaluation: 'src/evaluation/index.ts',
};

/** What runs as a process or a thread of its own, whoever starts it. */
export const PROCESSES = {
  cli: 'src/cli/main.ts',
  'decode-process': 'src/images/decode-process.ts',
  'vision-worker': 'src/local/vision/threads/vision-worker.ts',
  'search-worker': 'src/local/search/search-worker.ts',
  'store-process': 'src/local/store/store-process.ts',
};

// What is no dependency of the package, as p-limit, which is ESM only, becomes part of it.
const common: Options = {
  target: 'node20',
  dts: {
    entry: ENTRIES,
    // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  // In CJS too: an error class must be one class, whichever entry threw it.
  splitting: true,
  sourcemap: true,
};

export default defineConfig([
  // All that becomes part of the package is part of this.
  { ...common, format: 'esm', entry: { ...ENTRIES, ...PROCESSES }, esbuildPlugins: [bundledLicences] },
  {
    ...common,
    format: 'cjs',
    entry: ENTRIES,
    esbuildOptions(options) {
      options.define = { ...options.define, 'import.meta.url': 'undefined' };
    },
  },
]);
