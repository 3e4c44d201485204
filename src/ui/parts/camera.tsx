import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { Problem } from './problem.js';

/** Browsers give a camera only to pages of this machine, or with TLS. */
export const hasCamera = 'mediaDevices' in navigator;

/** The camera's picture, until it is taken. */
export function Camera({ onTaken, onClose }: { onTaken: (photo: File) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [error, setError] = useState<Error>();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const leave = new AbortController();
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 } } }).then(
      (stream) => {
        const end = () => {
          for (const track of stream.getTracks()) track.stop();
        };
        if (leave.signal.aborted || !video.current) return end();
        leave.signal.addEventListener('abort', end);
        video.current.srcObject = stream;
      },
      (thrown: Error) =>
        setError(new Error(`The camera cannot be used: ${thrown.message}. Choose a photo instead.`)),
    );
    return () => leave.abort();
  }, []);
  const take = async () => {
    const { videoWidth, videoHeight } = video.current!;
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    canvas.getContext('2d')!.drawImage(video.current!, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    onTaken(new File([blob], `camera-${new Date().toISOString()}.jpg`, { type: 'image/jpeg' }));
    onClose();
  };
  return (
    <Dialog title="Camera" onClose={onClose}>
      <Problem error={error} />
      {!error && (
        <video ref={video} class="camera" autoplay playsInline muted onLoadedData={() => setReady(true)} />
      )}
      <div class="actions">
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="button" disabled={!isReady} onClick={take}>
          Take the picture
        </button>
      </div>
    </Dialog>
  );
}
