import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingPackageError } from './errors.js';

/** The package that this file is part of. */
export const OWN_PACKAGE = 'rekollect';

/** The packages with weights: of most nets, and of those for faces in profile, which are optional. */
export const FACE_API = '@vladmandic/face-api';
export const HUMAN = '@vladmandic/human';

/** The builds of ONNX Runtime, of which the local engine takes one. */
export const RUNTIME_PACKAGES = { native: 'onnxruntime-node', wasm: 'onnxruntime-web' } as const;

/** A package that has to be installed, or one that does as well. */
export type Requirement = readonly [packageName: string, alternative?: string];

/** What the local engine needs, with either runtime unless one is named. */
export function enginePackages(human: boolean, runtime?: keyof typeof RUNTIME_PACKAGES): Requirement[] {
  const { native, wasm } = RUNTIME_PACKAGES;
  return [
    runtime ? [RUNTIME_PACKAGES[runtime]] : [native, wasm],
    [FACE_API],
    ...(human ? [[HUMAN] as const] : []),
  ];
}

/** The file that this code runs from, which may be a bundle. CommonJS has no `import.meta.url`. */
export function thisFile(): string {
  return import.meta.url === undefined ? __filename : fileURLToPath(import.meta.url);
}

/**
 * Where a file of an installed package is, which may be our own.
 *
 * @throws what `require.resolve` does when the package is not installed
 */
export function pathInPackage(packageName: string, file: string): string {
  const { resolve } = createRequire(thisFile());
  if (packageName === OWN_PACKAGE) return join(dirname(resolve(`${packageName}/package.json`)), file);
  // Other packages may not export their `package.json`, but they do export their main module.
  let directory = dirname(resolve(packageName));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, file);
}

export function isInstalled(packageName: string): boolean {
  try {
    pathInPackage(packageName, '');
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a file that comes with this package is. A bundle has our code and not our files, so that the package has to be
 * installed where the bundle runs, if any is needed.
 *
 * @throws MissingPackageError when it is not
 */
export function ownFile(file: string): string {
  try {
    const path = pathInPackage(OWN_PACKAGE, file);
    if (existsSync(path)) return path;
  } catch {
    // Thrown below.
  }
  throw new MissingPackageError(
    OWN_PACKAGE,
    `The bundle ${thisFile()} lacks ${file} and`,
    installCommand([OWN_PACKAGE]),
  );
}

/**
 * Checks that all these packages are installed.
 *
 * @throws MissingPackageError for the first that is missing; its command installs all that are
 */
export function checkInstalled(neededFor: string, requirements: readonly Requirement[]): void {
  const missing = requirements.filter((choices) => !choices.some((choice) => choice && isInstalled(choice)));
  const [first] = missing;
  if (!first) return;
  const install = installCommand(missing.map(([choice]) => choice));
  throw new MissingPackageError(first[0], neededFor, install, { alternative: first[1] });
}

/**
 * What to throw for a package that could not be loaded: MissingPackageError when it is not installed, else what was
 * wrong with it.
 */
export function missingPackage(packageName: string, neededFor: string, cause: unknown): unknown {
  // By its code, since what Jest throws is no Error of this realm. An installed package may lack one of its own.
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  if (!NOT_FOUND.includes(code ?? '') || isInstalled(packageName)) return cause;
  return new MissingPackageError(packageName, neededFor, installCommand([packageName]), { cause });
}

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/**
 * The command that installs packages. Without scripts where that of onnxruntime-node would run: it downloads CUDA
 * libraries, which are not used.
 */
export function installCommand(packages: readonly string[]): string {
  const options = packages.includes(RUNTIME_PACKAGES.native) ? ' --ignore-scripts' : '';
  return `npm install ${packages.join(' ')}${options}`;
}
