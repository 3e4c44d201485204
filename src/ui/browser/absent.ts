/** What the library takes from other modules of Node, for files and packages: the page never gets there. */
export const createRequire = absent;
export const existsSync = absent;
export const basename = absent;
export const dirname = absent;
export const extname = absent;
export const join = absent;
export const fileURLToPath = absent;
export const pathToFileURL = absent;

function absent(): never {
  throw new Error('There are no files in a page.');
}
