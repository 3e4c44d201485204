import { createRequire } from 'node:module';
import { MissingPackageError } from '../../../errors.js';
import { installCommand, isInstalled, RUNTIME_PACKAGES, thisFile } from '../../../packages.js';

/** The builds of ONNX Runtime: machine code, or WebAssembly, which runs everywhere and is several times slower. */
export type RuntimeName = keyof typeof RUNTIME_PACKAGES;

const { native, wasm } = RUNTIME_PACKAGES;

/** What both builds of ONNX Runtime have, and the execution provider that sessions have to name to use this one. */
export interface Runtime extends Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'> {
  readonly executionProvider: 'cpu' | 'wasm';
}

/**
 * ONNX Runtime, for the calling thread, which is blocked for some fifty milliseconds.
 *
 * @param name `undefined` takes the native build, or the WebAssembly one where the native one cannot be loaded
 * @throws MissingPackageError when only the native one is installed, and cannot be loaded; what Node throws when none is
 */
export async function loadRuntime(name?: RuntimeName): Promise<Runtime> {
  if (name !== undefined) return LOADERS[name]();
  try {
    return await LOADERS.native();
  } catch (cause) {
    // It has no build for this platform, or misses a library of it.
    if (isInstalled(native) && !isInstalled(wasm)) throw cannotBeLoaded(cause);
    return LOADERS.wasm();
  }
}

/** The file of the native library that this thread has loaded, if any. */
export function loadedLibrary(): string | undefined {
  return Object.keys(createRequire(thisFile()).cache).find((file) =>
    file.endsWith('onnxruntime_binding.node'),
  );
}

/**
 * Takes hold of a native library that another thread has loaded, and never lets go: it would be unloaded with the last
 * thread that uses it, and cannot be loaded a second time ("Module did not self-register").
 */
export function keepLibrary(file: unknown): void {
  if (typeof file === 'string') createRequire(thisFile())(file);
}

const LOADERS: Record<RuntimeName, () => Promise<Runtime>> = {
  async native() {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    return { InferenceSession, Tensor, executionProvider: 'cpu' };
  },
  async wasm() {
    const { InferenceSession, Tensor, env } = await import('onnxruntime-web');
    // As with the native build: the pool has the threads.
    env.wasm.numThreads = 1;
    // Where the native build is loaded as well, sessions take that one unless they name this.
    return { InferenceSession, Tensor, executionProvider: 'wasm' };
  },
};

function cannotBeLoaded(cause: unknown): MissingPackageError {
  return new MissingPackageError(
    wasm,
    `${native} cannot be loaded on this machine (${process.platform}, ${process.arch}), so that the local engine`,
    installCommand([wasm]),
    { cause },
  );
}
