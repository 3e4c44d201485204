import { builtProgram } from './program.js';

/** Stands for the source's own: in tests, threads and processes start from what was built of the source before them. */
export const threadEntry = (source: string): URL => builtProgram(`src/${source}.ts`);
