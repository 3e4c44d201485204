import { missingPackage } from './missing-package.js';

export type Runtime = typeof import('onnxruntime-node');

/**
 * ONNX Runtime, loaded once by each thread that asks for it.
 *
 * The main thread has to ask before any worker does, and never lets go: the native library is unloaded with the last
 * thread that uses it and cannot be loaded a second time ("Module did not self-register").
 *
 * @throws MissingPackageError when it is not installed
 */
export async function loadRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw missingPackage('onnxruntime-node', cause);
  }
}
