import { KERNEL_BYTES } from './kernel-bytes.js';
import { type Kernel, plainKernel } from './plain-kernel.js';

/** What of WebAssembly is used here. TypeScript declares it only together with all that browsers have. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Memory: new (pages: { initial: number; maximum: number; shared: true }) => WebAssemblyMemory;
  Instance: new (module: object, imports: object) => { exports: unknown };
}
interface WebAssemblyMemory {
  readonly buffer: SharedArrayBuffer;
}

/** Memory that threads share. WebAssembly reaches only its own kind. */
export type SharedMemory = WebAssemblyMemory | SharedArrayBuffer;

const PAGE_BYTES = 65_536;
const { WebAssembly: wasm } = globalThis as { WebAssembly?: WebAssemblyApi };
const bytes = Buffer.from(KERNEL_BYTES, 'base64');
/** Absent where there is no WebAssembly, or one without SIMD and shared memory. */
const module = wasm?.validate(bytes) ? new wasm.Module(bytes) : undefined;

/** Whether searches run in WebAssembly here. */
export const hasSimd = module !== undefined;

/**
 * Memory of zeros. The operating system provides it bit by bit, as it is written to.
 *
 * @param simd whether WebAssembly should reach it. It does not where that is missing, or where the process may not
 *   reserve the gigabytes of addresses that WebAssembly wants for each piece of memory.
 */
export function allocate(byteLength: number, simd: boolean): SharedMemory {
  if (!wasm || !hasSimd || !simd) return new SharedArrayBuffer(byteLength);
  const pages = Math.ceil(byteLength / PAGE_BYTES);
  try {
    return new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return new SharedArrayBuffer(byteLength);
  }
}

export function bufferOf(memory: SharedMemory): SharedArrayBuffer {
  return memory instanceof SharedArrayBuffer ? memory : memory.buffer;
}

/** The kernel for this memory: in WebAssembly where that reaches it. */
export function kernelOn(memory: SharedMemory): Kernel {
  if (!wasm || !module || memory instanceof SharedArrayBuffer) return plainKernel(bufferOf(memory));
  return new wasm.Instance(module, { segment: { memory } }).exports as Kernel;
}
