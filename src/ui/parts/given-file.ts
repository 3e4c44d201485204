/** A file that somebody chose or dropped, alone or with the folder that it lies in. */
export interface GivenFile {
  /** The folders from the one that was given, and the file's own name. */
  path: readonly string[];
  /** Undefined where the browser may not read it, or the folder that it is. */
  file: File | undefined;
}

export function chosenFiles(files: Iterable<File>): GivenFile[] {
  return Array.from(files, (file) => ({ path: (file.webkitRelativePath || file.name).split('/'), file }));
}

/** All files that were dropped, those in folders at any depth. To be called while the event lasts. */
export async function droppedFiles({ items }: DataTransfer): Promise<GivenFile[]> {
  // What is no file, as a link to a page, has no entry.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<GivenFile[]> {
  const path = entry.fullPath.split('/').slice(1);
  try {
    if (isFile(entry)) {
      return [{ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
    }
    return (await Promise.all((await entriesOf(entry as FileSystemDirectoryEntry)).map(filesIn))).flat();
  } catch {
    return [{ path, file: undefined }];
  }
}

/** A reader gives a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
