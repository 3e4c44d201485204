import { Sha256 } from '@aws-crypto/sha256-js';

/** What the library takes from `node:crypto`. Browsers hash asynchronously, and not at all on a page without TLS. */
export function createHash(algorithm: string) {
  if (algorithm !== 'sha256') throw new Error(`There is no ${algorithm} in this page.`);
  const hash = new Sha256();
  return {
    update(content: string | Uint8Array) {
      hash.update(content);
      return this;
    },
    digest: (_encoding: 'hex') =>
      Array.from(hash.digestSync(), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/** Without MD5, as machines in FIPS mode. */
export const getFips = () => 1;

/** A UUID of version 4 (RFC 9562). `crypto.randomUUID` is missing on a page without TLS. */
export function randomUUID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
