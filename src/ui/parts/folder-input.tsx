import { useRef, useState } from 'preact/hooks';
import { DropZone } from './drop-zone.js';
import { chosenFiles, droppedFiles, type GivenFile } from './given-file.js';

interface FolderInputProps {
  /** What is asked for: "a folder of people". */
  what: string;
  /** Whether it may be photos without a folder, too. */
  orPhotos?: boolean;
  onFiles: (files: readonly GivenFile[]) => void;
}

/** Takes all files of folders that are dropped, or of one that is chosen. */
export function FolderInput({ what, orPhotos = false, onFiles }: FolderInputProps) {
  const [isReading, setReading] = useState(false);
  const drop = async (data: DataTransfer) => {
    setReading(true);
    const files = await droppedFiles(data);
    setReading(false);
    if (files.length > 0) onFiles(files);
  };
  const choose = (files: FileList) => files.length > 0 && onFiles(chosenFiles(files));
  return (
    <DropZone onDropped={drop}>
      <p>{isReading ? 'Looking through the folder …' : `Drop ${what} here, or`}</p>
      {orPhotos && <FileButton label="Choose photos" onFiles={choose} />}
      <FileButton label="Choose a folder" ofFolder onFiles={choose} />
    </DropZone>
  );
}

function FileButton(props: { label: string; ofFolder?: boolean; onFiles: (files: FileList) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const { label, ofFolder = false, onFiles } = props;
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        {...(ofFolder && { webkitdirectory: true })}
        accept={ofFolder ? undefined : 'image/*'}
        onChange={({ currentTarget }) => {
          if (currentTarget.files) onFiles(currentTarget.files);
          // The same folder may be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
