import { useState } from 'preact/hooks';
import { useSession } from '../session.js';

/** The picture of a stored face, where the server keeps one; a figure elsewhere. `alt` is empty beside a name. */
export function FacePicture(props: { collectionId: string; faceId: string | undefined; alt: string }) {
  const { thumbnails, fileUrl } = useSession();
  const [isMissing, setMissing] = useState(false);
  const { collectionId, faceId, alt } = props;
  if (!thumbnails || !faceId || isMissing) {
    return (
      <svg
        class="picture"
        viewBox="0 0 32 32"
        role={alt ? 'img' : 'presentation'}
        aria-label={alt || undefined}
      >
        <circle cx="16" cy="12" r="5.5" />
        <path d="M5 30c0-13 22-13 22 0z" />
      </svg>
    );
  }
  const path = `thumbnails/${collectionId}.faces/${faceId}.jpg`;
  return (
    <img class="picture" loading="lazy" src={fileUrl(path)} alt={alt} onError={() => setMissing(true)} />
  );
}
