import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { clampToImage, widen } from '../images/bounding-box.js';
import { readPixels, toSharp } from '../images/decode.js';
import { fromBuffer } from '../images/from-buffer.js';
import { toPixels } from '../images/pixel-box.js';
import type { AnsweringClient } from './answering-client.js';

/** Pixels of a side: twice what the page shows, for dense screens. */
const SIDE = 192;
/** What shows of a head around its box, as a ratio of the box's sides, on each of the four. */
const MARGIN = 0.35;

/** Ids of collections may be `.` and `..`, which are names of other folders; and what else lies there is left alone. */
const FOLDER_END = '.faces';

/** What is read of requests and answers. */
interface IndexRequest {
  CollectionId: string;
  Image?: { Bytes?: Uint8Array };
}
interface IndexAnswer {
  FaceRecords?: readonly { Face?: StoredFace }[];
}
interface StoredFace {
  FaceId: string;
  BoundingBox: { Left: number; Top: number; Width: number; Height: number };
}

/** A folder with a small picture of each face that was indexed, for the page. The engine itself keeps none. */
export class Thumbnails {
  readonly #directory: string;
  /** Each photo is decoded whole, which takes three bytes a pixel, whoever else is sending one. */
  readonly #inTurn = pLimit(1);

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The same client, of whose faces pictures are kept and deleted. */
  keptOf(client: AnsweringClient): AnsweringClient {
    return {
      answer: async (operation, input, signal) => {
        const answer = await client.answer(operation, input, signal);
        try {
          if (operation === 'IndexFaces') await this.#inTurn(() => this.#keep(input as IndexRequest, answer));
          if (operation === 'DeleteFaces')
            await this.#delete(
              (input as { CollectionId: string }).CollectionId,
              (answer as { DeletedFaces?: string[] }).DeletedFaces ?? [],
            );
          if (operation === 'DeleteCollection')
            await rm(this.#folderOf((input as { CollectionId: string }).CollectionId), {
              recursive: true,
              force: true,
            });
        } catch (error) {
          // It is done, and a picture less, or more until the server starts again, makes it no failure.
          process.emitWarning(
            `A picture of a face could not be kept or deleted: ${(error as Error).message}`,
          );
        }
        return answer;
      },
    };
  }

  /** @returns a JPEG, or undefined where there is none */
  async read(collectionId: string, faceId: string): Promise<Buffer | undefined> {
    if (!isFaceId(faceId)) return undefined;
    return readFile(this.#fileOf(collectionId, faceId)).catch(() => undefined);
  }

  /** Deletes pictures of faces that are gone: deleted while nobody looked after them here. */
  async cleanUp(client: AnsweringClient): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const folder of await readdir(this.#directory)) {
      if (!folder.endsWith(FOLDER_END)) continue;
      const collectionId = folder.slice(0, -FOLDER_END.length);
      const kept = await readdir(this.#folderOf(collectionId));
      const gone = new Set(kept.map((file) => file.replace(/\.jpg$/, '')).filter(isFaceId));
      for await (const faceId of faceIdsOf(client, collectionId)) gone.delete(faceId);
      await this.#delete(collectionId, [...gone]);
    }
  }

  async #keep({ CollectionId, Image }: IndexRequest, { FaceRecords = [] }: IndexAnswer): Promise<void> {
    if (!Image?.Bytes || FaceRecords.length === 0) return;
    const image = await readPixels(fromBuffer(Image.Bytes));
    await mkdir(this.#folderOf(CollectionId), { recursive: true, mode: 0o700 });
    for (const { Face } of FaceRecords) {
      if (!Face) continue;
      const { Left: left, Top: top, Width: width, Height: height } = Face.BoundingBox;
      const region = toPixels(clampToImage(widen({ left, top, width, height }, MARGIN)), image);
      const picture = (await toSharp(image)).extract(region).resize(SIDE, SIDE, { fit: 'cover' });
      await writeFile(this.#fileOf(CollectionId, Face.FaceId), await picture.jpeg().toBuffer(), {
        mode: 0o600,
      });
    }
  }

  async #delete(collectionId: string, faceIds: readonly string[]): Promise<void> {
    for (const faceId of faceIds) await rm(this.#fileOf(collectionId, faceId), { force: true });
  }

  #folderOf(collectionId: string): string {
    return join(this.#directory, collectionId + FOLDER_END);
  }

  #fileOf(collectionId: string, faceId: string): string {
    return join(this.#folderOf(collectionId), `${faceId}.jpg`);
  }
}

/** The service's pattern (API reference, "Face"). */
function isFaceId(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
}

async function* faceIdsOf(client: AnsweringClient, collectionId: string): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const input = { CollectionId: collectionId, MaxResults: 4096, ...(token && { NextToken: token }) };
    const answer = (await client.answer('ListFaces', input).catch((error: Error) => {
      if (error.name === 'ResourceNotFoundException') return { Faces: [] };
      throw error;
    })) as { Faces: { FaceId: string }[]; NextToken?: string };
    for (const { FaceId } of answer.Faces) yield FaceId;
    token = answer.NextToken;
  } while (token);
}
