import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeclaredFace, DeclaredFaces } from '../../src/testing/declared-faces.js';

/** What a file holds: a photo of these people or faces, or bytes. */
export type FileContent = readonly (string | DeclaredFace)[] | string;

/** Of each photo. Faces of them are not too small, and the engine looks at every pixel. */
const SIZE = { width: 480, height: 360 };

/** A folder of these files, by their paths. It goes with the test. */
export async function aFolder(vision: DeclaredFaces, files: Readonly<Record<string, FileContent>>) {
  const folder = await mkdtemp(join(tmpdir(), 'rekollect-people-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (path: string, content: FileContent) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : await photoOf(vision, content));
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return { folder, write, remove: (path: string) => rm(join(folder, path), { recursive: true }) };
}

export function photoOf(vision: DeclaredFaces, faces: readonly (string | DeclaredFace)[]): Promise<Buffer> {
  return vision.photo(faces, SIZE);
}
