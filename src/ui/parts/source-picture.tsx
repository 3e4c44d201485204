import { useEffect, useState } from 'preact/hooks';
import type { ImageSource } from '../../images/image-source.js';
import { useObjectUrl } from './use-object-url.js';

/** The picture of an image source: a file, or a face that `cropFace` cuts out. Give it a `key`, for it reads once. */
export function SourcePicture({ source, alt }: { source: ImageSource; alt: string }) {
  const [blob, setBlob] = useState<Blob>();
  useEffect(() => {
    const leave = new AbortController();
    source.read({ signal: leave.signal }).then(
      (bytes) => leave.signal.aborted || setBlob(new Blob([bytes as Uint8Array<ArrayBuffer>])),
      // Whoever shows it says why it cannot be read.
      () => {},
    );
    return () => leave.abort();
  }, []);
  const url = useObjectUrl(blob);
  return url ? (
    <img class="picture" src={url} alt={alt} onError={() => setBlob(undefined)} />
  ) : (
    <span class="picture" role="img" aria-label={alt} />
  );
}
