import { useEffect, useId, useState } from 'preact/hooks';
import { Camera, hasCamera } from './camera.js';
import { DropZone } from './drop-zone.js';

interface PhotoInputProps {
  /** What is asked for: "a photo", "photos of the party". */
  what: string;
  /** Whether it may be several. */
  multiple?: boolean;
  onPhotos: (photos: readonly File[]) => void;
}

/** Takes photos that are dropped, pasted, chosen, or taken with the camera. */
export function PhotoInput({ what, multiple = false, onPhotos }: PhotoInputProps) {
  const field = useId();
  const [isCameraOpen, setCameraOpen] = useState(false);
  const take = (files: FileList | readonly File[] | undefined) => {
    const photos = Array.from(files ?? []).slice(0, multiple ? undefined : 1);
    if (photos.length > 0) onPhotos(photos);
  };
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => take(clipboardData?.files);
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  });
  return (
    <DropZone onDropped={({ files }) => take(files)}>
      <p>Drop or paste {what} here, or</p>
      <label class="button" for={field}>
        Choose {what}
      </label>
      <input
        id={field}
        type="file"
        accept="image/*"
        multiple={multiple}
        onChange={(event) => {
          take(event.currentTarget.files ?? undefined);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      {hasCamera && (
        <button type="button" class="quiet" onClick={() => setCameraOpen(true)}>
          Use the camera
        </button>
      )}
      {isCameraOpen && <Camera onTaken={(photo) => take([photo])} onClose={() => setCameraOpen(false)} />}
    </DropZone>
  );
}
