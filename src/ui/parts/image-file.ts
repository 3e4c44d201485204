import { checkSourceLength } from '../../images/check-source-length.js';
import type { ImageSource } from '../../images/image-source.js';

/** A file that somebody chose, dropped, pasted or took. */
export function fromImageFile(file: File): ImageSource {
  return {
    name: file.name,
    photoName: file.name,
    async read({ signal } = {}) {
      signal?.throwIfAborted();
      checkSourceLength(file.name, file.size);
      return new Uint8Array(await file.arrayBuffer());
    },
  };
}
