import { pathToFileURL } from 'node:url';
import { ownFile } from '../../src/packages.js';

/** Where `build-programs` puts what it builds. */
export const BUILT = 'test/built';

/** What was built of a program that runs as a process or a thread of its own. */
export const builtProgram = (source: string): URL =>
  pathToFileURL(ownFile(`${BUILT}/${source.replace(/\.ts$/, '.js')}`));
