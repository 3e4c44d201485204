import { defineConfig } from 'tsup';
import { bundledLicences } from './tools/bundled-licences.js';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    local: 'src/local/index.ts',
    server: 'src/server/index.ts',
    testing: 'src/testing/index.ts',
    evaluation: 'src/evaluation/index.ts',
    cli: 'src/cli/main.ts',
    'decode-process': 'src/images/decode-process.ts',
    'vision-worker': 'src/local/vision/threads/vision-worker.ts',
    'search-worker': 'src/local/search/search-worker.ts',
    'store-process': 'src/local/store/store-process.ts',
  },
  // What is no dependency of the package, as p-limit, which is ESM only, becomes part of it.
  format: ['esm', 'cjs'],
  target: 'node20',
  dts: {
    entry: {
      index: 'src/index.ts',
      local: 'src/local/index.ts',
      server: 'src/server/index.ts',
      testing: 'src/testing/index.ts',
      evaluation: 'src/evaluation/index.ts',
    },
    // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  // In CJS too: an error class must be one class, whichever entry threw it.
  splitting: true,
  esbuildOptions(options, { format }) {
    if (format === 'cjs') options.define = { ...options.define, 'import.meta.url': 'undefined' };
  },
  esbuildPlugins: [bundledLicences],
  sourcemap: true,
  clean: true,
});
