import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { licencesOf } from '../../tools/bundled-licences.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The library's own code runs in the page; what it takes from Node and from sharp is made of what browsers have. */
const ofBrowsers = [
  { find: /^node:crypto$/, replacement: here('browser/crypto.ts') },
  { find: /^node:util$/, replacement: here('browser/util.ts') },
  { find: /^node:timers\/promises$/, replacement: here('browser/timers.ts') },
  { find: /^node:.*/, replacement: here('browser/absent.ts') },
  { find: /^.*\/prepare\.js$/, replacement: here('browser/prepare.ts') },
  { find: /^.*\/draw-text\.js$/, replacement: here('browser/draw-text.ts') },
  { find: /^.*\/crop\.js$/, replacement: here('browser/crop.ts') },
];

const bundledLicences: Plugin = {
  name: 'bundled-licences',
  async generateBundle() {
    const source = await licencesOf([...this.getModuleIds()]);
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
  },
};

export default defineConfig({
  root: here('.'),
  plugins: [bundledLicences],
  resolve: { alias: ofBrowsers },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env': {}, 'process.emitWarning': 'console.warn' },
  build: {
    outDir: here('../../dist/ui'),
    emptyOutDir: true,
    target: 'es2023',
    // A data URL would have to be allowed by the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
