import { defineConfig, type Options } from 'tsup';
import { bundledLicences } from './tools/bundled-licences.js';
import { loadedTogether } from './tools/loaded-together.js';

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

const together = loadedTogether({
  // What all else begins with.
  'src/errors.ts': ['advice', 'arguments', 'loading-options', 'names', 'packages', 'signals'].map(
    (name) => `./${name}.js`,
  ),
  // A program that uses another entry mostly uses the library, too.
  ...Object.fromEntries(
    Object.values(ENTRIES)
      .filter((entry) => entry !== ENTRIES.index)
      .map((entry) => [entry, ['../index.js']]),
  ),
});

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
  esbuildPlugins: [together],
};

export default defineConfig([
  // All that becomes part of the package is part of this.
  {
    ...common,
    format: 'esm',
    entry: { ...ENTRIES, ...PROCESSES },
    esbuildPlugins: [together, bundledLicences],
    esbuildOptions(options) {
      // A quarter of what Node would read is indentation. Lines stay short, as it prints the one that an error comes from.
      options.minifyWhitespace = true;
      options.lineLimit = 120;
      // One character beyond makes it keep a file in two bytes each.
      options.charset = 'ascii';
    },
  },
  {
    ...common,
    format: 'cjs',
    entry: ENTRIES,
    esbuildOptions(options) {
      options.define = { ...options.define, 'import.meta.url': 'undefined' };
    },
  },
]);
