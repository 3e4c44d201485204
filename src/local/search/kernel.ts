import { KERNEL_BYTES } from './kernel-bytes.js';
import { plainKernel } from './plain-kernel.js';

/**
 * The inner loops of a search, over one piece of memory. Places in it are byte offsets. A row is a vector of signed
 * bytes, and the query one of signed 16-bit integers, so small that no sum of products leaves 32 bits; both have
 * `length` numbers, a multiple of 16.
 */
export interface Kernel {
  /**
   * Lower bounds of the distances from the query to rows that lie one behind the other: for each of them
   * `max(0, ‖query − row‖ − queryError − errorPerScale · scale)`, where row is `scale` times its bytes.
   *
   * @param scales of the rows, one f32 each; one that is no number leaves its row out: its bound is none either
   * @param norms of the rows: Σ byte², one i32 each
   * @param count how many rows, a multiple of 4 above 0
   * @param queryNorm ‖query‖², scaled
   * @param bounds where they go, one f64 for each row
   * @returns the least bound
   */
  scan(
    rows: number,
    scales: number,
    norms: number,
    count: number,
    length: number,
    query: number,
    queryScale: number,
    queryNorm: number,
    queryError: number,
    errorPerScale: number,
    bounds: number,
  ): number;

  /**
   * Rounds vectors of f32 to rows: signed bytes of as large a scale as fits. Where a number is not finite, the scale is
   * no number, and the bytes mean nothing.
   *
   * @param rows where the bytes go
   * @param scales where the scales go
   * @param norms where Σ byte² goes
   * @param count how many vectors, 1 and up
   */
  quantize(vectors: number, rows: number, scales: number, norms: number, count: number, length: number): void;
}

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
