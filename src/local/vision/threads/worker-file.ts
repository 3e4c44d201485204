import { extname } from 'node:path';

/**
 * The worker's entry, beside this module and of the same kind: `.js` or `.cjs` when built, `.ts` when tests and
 * examples run from source.
 */
export const VISION_WORKER = new URL(`./vision-worker${extname(import.meta.url)}`, import.meta.url);
