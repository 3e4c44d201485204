import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageSource } from '../../images/image-source.js';
import { pictures } from './at-a-time.js';
import { SourcePicture } from './source-picture.js';

/** A picture among many: it is read once it comes into view, a few at a time. Give it a `key`, for it reads once. */
export function LazyPicture({ source, alt }: { source: ImageSource; alt: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        observer.disconnect();
        setSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  if (!isSeen) return <span ref={place} class="picture" role="img" aria-label={alt} />;
  return (
    <SourcePicture
      source={{ ...source, read: (options) => pictures(() => readFor(source, options)) }}
      alt={alt}
    />
  );
}

/** Not read at all when it was left before its turn came. */
async function readFor(source: ImageSource, options: Parameters<ImageSource['read']>[0]) {
  options?.signal?.throwIfAborted();
  return source.read(options);
}
