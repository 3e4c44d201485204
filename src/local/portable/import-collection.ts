import { setImmediate as nextTurn } from 'node:timers/promises';
import { refusal } from '../protocol/refusals.js';
import { ChangingRecords } from '../records/changing-records.js';
import { abandonImport } from '../records/deleted-contents.js';
import type { Quotas } from '../records/quotas.js';
import { KEYS, type KeptSpace, type NewFace, otherModels, Records } from '../records/records.js';
import { type ByView, VIEWS } from '../search/face-vectors.js';
import type { Store } from '../store/store.js';
import { OtherModelsError, UnreadableCollectionError } from '../store/store-errors.js';
import { readFrames } from './collection-file.js';
import {
  type ExportedCollection,
  type ExportedUser,
  type FacesFrame,
  type Frame,
  facesOf,
} from './frames.js';

/** The options of an import. */
export interface ImportOptions {
  /**
   * Takes the collection in under another id.
   *
   * @default the id it was exported under
   */
  collectionId?: string;
  /**
   * Puts it in the place of the collection of that id, if there is one, in one step.
   *
   * @default false: an existing collection is an error
   */
  replace?: boolean;
  /** Gives up; nothing is imported then. */
  signal?: AbortSignal;
}

/** A collection that was imported. */
export interface ImportedCollection {
  collectionId: string;
  faceCount: number;
  userCount: number;
}

/** Where a collection is imported to. */
export interface ImportTarget {
  readonly store: Store;
  readonly quotas: Readonly<Quotas>;
  /** What the vectors of the models in use belong to. */
  spaces(): Promise<ByView<KeptSpace>>;
  /** The ids of the collections that are being imported. What else is in the store of imports was broken off. */
  readonly underWay: Set<string>;
  /** Changes the records, and what is searched. */
  change<Result>(work: (records: ChangingRecords) => Result): Promise<Result>;
  purgeDeletedContents(): Promise<void>;
}

/**
 * Imports a collection. It grows where nobody sees it, a frame at a time, and takes its place in one last step; so
 * whatever happens before that, nothing of it stays.
 *
 * @throws UnreadableCollectionError, UnknownFormatError, OtherModelsError; ResourceAlreadyExistsException,
 * ServiceQuotaExceededException, ConflictException while another import under the id goes on; whatever the source throws
 */
export async function importCollection(
  target: ImportTarget,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportedCollection> {
  const frames = readFrames(source, options.signal);
  try {
    return await importFrames(target, frames, options);
  } finally {
    // A source that was not read to its end may be an open file.
    await frames.return();
  }
}

async function importFrames(
  target: ImportTarget,
  frames: AsyncGenerator<Frame, void, void>,
  { collectionId, replace = false, signal }: ImportOptions,
): Promise<ImportedCollection> {
  const { store, underWay } = target;
  const spaces = await target.spaces();
  const { value: first } = await frames.next();
  if (first?.kind !== 'collection') throw new UnreadableCollectionError('it does not say what it holds');
  const exported = { ...first.collection, ...(collectionId !== undefined && { collectionId }) };
  const id = exported.collectionId;
  checkFits(exported, spaces, target);
  const stage = (work: (records: ChangingRecords) => void) =>
    store.write((transaction) => work(new ChangingRecords(transaction, KEYS.imports)));

  if (underWay.has(id)) throw refusal('ConflictException', `Collection ${id} is being imported already.`);
  underWay.add(id);
  try {
    await stage((staged) => {
      checkIsFree(new Records(staged.transaction), id, replace, target);
      // It could not be written when one was broken off, nor when the store was opened.
      abandonImport(staged.transaction, id);
      staged.addCollection(id, exported.createdAt, exported.tags);
    });
    for await (const frame of frames) {
      signal?.throwIfAborted();
      await stage((staged) => addFrame(staged, exported, frame, target));
      // A source that is never waited for would keep the event loop to itself.
      await nextTurn();
    }
    signal?.throwIfAborted();
    await target.change((records) => {
      checkIsFree(records, id, replace, target);
      const staged = new Records(records.transaction, KEYS.imports).collection(id);
      if (records.findCollection(id)) records.deleteCollection(id);
      records.takeCollection(staged, KEYS.imports);
    });
  } catch (error) {
    // Where even that cannot be written, it is done by the next import under the id, or when the store is opened.
    await store.write((transaction) => abandonImport(transaction, id)).catch(() => {});
    throw error;
  } finally {
    underWay.delete(id);
    await target.purgeDeletedContents().catch(() => {});
  }
  return { collectionId: id, faceCount: exported.faceCount, userCount: exported.userCount };
}

/** Whether these models, and this engine's quotas, can take it at all. */
function checkFits(exported: ExportedCollection, spaces: ByView<KeptSpace>, { quotas }: ImportTarget): void {
  const { collectionId, faceCount, userCount } = exported;
  const other = otherModels(exported, spaces);
  if (other) throw new OtherModelsError(collectionId, other.found, other.expected);
  for (const view of VIEWS) {
    const [found, expected] = [exported.spaces[view], spaces[view]];
    if (found && expected && (found.length !== expected.length || found.metric !== expected.metric))
      throw new UnreadableCollectionError(`its vectors are not those of "${expected.version}"`);
  }
  if (faceCount > quotas.facesPerCollection || userCount > quotas.usersPerCollection)
    throw refusal(
      'ServiceQuotaExceededException',
      `Collection ${collectionId} has ${faceCount} faces and ${userCount} users, more than a collection takes.`,
    );
}

function checkIsFree(
  records: Records,
  collectionId: string,
  replace: boolean,
  { quotas }: ImportTarget,
): void {
  const exists = records.findCollection(collectionId) !== undefined;
  if (exists && !replace)
    throw refusal('ResourceAlreadyExistsException', `The collection id: ${collectionId} already exists.`);
  if (!exists && Number.isFinite(quotas.collections) && records.collectionCount() >= quotas.collections)
    throw refusal(
      'ServiceQuotaExceededException',
      `There are ${quotas.collections} collections, the most allowed.`,
    );
}

/** Adds what a frame holds, as far as it makes sense together with what came before. */
function addFrame(
  staged: ChangingRecords,
  exported: ExportedCollection,
  frame: Frame,
  target: ImportTarget,
): void {
  const { collectionId, spaces } = exported;
  const { faceCount, userCount } = staged.collection(collectionId);
  switch (frame.kind) {
    case 'collection':
      throw new UnreadableCollectionError('it begins a second time');
    case 'faces':
      if (faceCount + frame.faces.length > exported.faceCount) throw notAsManyAsItSays();
      staged.addFaces(collectionId, newFaces(staged, exported, frame), spaces);
      return;
    case 'users':
      if (userCount + frame.users.length > exported.userCount) throw notAsManyAsItSays();
      for (const user of frame.users) addUser(staged, collectionId, user, target);
      return;
    case 'end':
      if (faceCount !== exported.faceCount || userCount !== exported.userCount) throw notAsManyAsItSays();
  }
}

function notAsManyAsItSays(): UnreadableCollectionError {
  return new UnreadableCollectionError('it has not as many faces and users as it says');
}

function newFaces(
  staged: Records,
  { collectionId, spaces }: ExportedCollection,
  frame: FacesFrame,
): NewFace[] {
  const faces = facesOf(frame);
  if (frame.codes && frame.scales?.length !== faces.length)
    throw new UnreadableCollectionError('its vectors are not all there');
  for (const { vectors } of faces)
    for (const view of VIEWS)
      if (vectors[view] && vectors[view].length !== spaces[view]?.length)
        throw new UnreadableCollectionError(`its vectors are not of ${spaces[view]?.length ?? 0} numbers`);
  const ids = new Set(faces.map(({ faceId }) => faceId));
  if (ids.size < faces.length || faces.some(({ faceId }) => staged.findFace(collectionId, faceId)))
    throw new UnreadableCollectionError('it has a face twice');
  return faces;
}

function addUser(
  staged: ChangingRecords,
  collectionId: string,
  { userId, faceIds }: ExportedUser,
  { quotas }: ImportTarget,
): void {
  if (staged.findUser(collectionId, userId)) throw new UnreadableCollectionError('it has a user twice');
  if (faceIds.length > quotas.facesPerUser)
    throw refusal(
      'ServiceQuotaExceededException',
      `User ${userId} has ${faceIds.length} faces, more than a user takes.`,
    );
  const isFree = (faceId: string) => {
    const face = staged.findFace(collectionId, faceId);
    return face !== undefined && face.userId === undefined;
  };
  if (new Set(faceIds).size < faceIds.length || !faceIds.every(isFree))
    throw new UnreadableCollectionError('it has a user of faces that are missing, or of another user');
  staged.addUser(collectionId, userId);
  staged.setFacesOfUser(collectionId, { userId, faceIds: [], chunks: {} }, faceIds);
}
