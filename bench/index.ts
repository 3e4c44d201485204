/*
 * Measures how fast the library is, beside others in the same run, and counts whether what it says is true.
 *
 *     npm run bench -- [NAME] [options of the bench]
 *
 * Without a name, all of them run. Machines differ and so do their moods: trust the ratios.
 */
const BENCHES: Record<string, () => Promise<unknown>> = {
  photos: () => import('./photos.js'),
  imports: () => import('./imports.js'),
  vectors: () => import('./vectors.js'),
  open: () => import('./open.js'),
  bulk: () => import('./bulk.js'),
  audit: () => import('./audit.js'),
  groups: () => import('./groups.js'),
  faults: () => import('./faults.js'),
  bombs: () => import('./bombs.js'),
  endings: () => import('./endings.js'),
  kills: () => import('./kills.js'),
  stop: () => import('./stop.js'),
  hostile: () => import('./hostile.js'),
  clients: () => import('./clients.js'),
  pipelining: () => import('./pipelining.js'),
};

// A bench reads its own options.
const name = process.argv[2]?.startsWith('-') ? undefined : process.argv[2];
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  console.error(`There is no bench ${name}, only ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
for (const [each, run] of Object.entries(BENCHES)) if (name === undefined || name === each) await run();
