import { MissingPackageError } from '../../../errors.js';

/**
 * All packages that the local engine needs, and the one that was asked for besides, so that nobody is sent to install one after the other. Without scripts,
 * since that of onnxruntime-node downloads CUDA libraries, which are not used.
 */
const NEEDED = ['onnxruntime-node', '@vladmandic/face-api'];

const NOT_FOUND_CODES = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/**
 * The error for a package that could not be loaded: ours when it is not there, else what went wrong with it.
 *
 * @param alternative another package that would have done, and is not there either
 */
export function missingPackage(packageName: string, cause: unknown, alternative?: string): unknown {
  const isMissing = cause instanceof Error && 'code' in cause && NOT_FOUND_CODES.includes(String(cause.code));
  if (!isMissing) return cause;
  const packages = [...new Set([...NEEDED, packageName])].join(' ');
  const install = `npm install ${packages} --ignore-scripts`;
  return new MissingPackageError(packageName, 'The local engine', install, { cause, alternative });
}
