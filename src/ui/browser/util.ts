/** What the library takes from `node:util`. */
export const types = {
  isUint8Array: (value: unknown): value is Uint8Array => value instanceof Uint8Array,
  isAnyArrayBuffer: (value: unknown): value is ArrayBuffer => value instanceof ArrayBuffer,
  isPromise: (value: unknown): value is Promise<unknown> => value instanceof Promise,
  isNativeError: (value: unknown): value is Error => value instanceof Error,
};
