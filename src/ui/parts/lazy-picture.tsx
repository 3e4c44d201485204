import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageSource } from '../../images/image-source.js';
import type { DetectedFace } from '../../types.js';
import { pictures } from './at-a-time.js';
import { smallPicture } from './small-picture.js';
import { SourcePicture } from './source-picture.js';

interface LazyPictureProps {
  photo: ImageSource;
  /** The face of it to show, if not all. */
  face?: DetectedFace;
  alt: string;
}

/** A picture among many: it is read once it comes into view, a few at a time. Give it a `key`, for it reads once. */
export function LazyPicture({ photo, face, alt }: LazyPictureProps) {
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
  return <SourcePicture source={inTurn(smallPicture(photo, face))} alt={alt} />;
}

/** Not read at all when it was left before its turn came. */
function inTurn(source: ImageSource): ImageSource {
  const read: ImageSource['read'] = (options) =>
    pictures(async () => {
      options?.signal?.throwIfAborted();
      return source.read(options);
    });
  return { ...source, read };
}
