import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { RekognitionServiceException } from '@aws-sdk/client-rekognition';
import pLimit from 'p-limit';
import { checkOptions } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { makeS3Client } from '../images/s3-download.js';
import type { SendableImage } from '../sendable-image.js';
import { type CommandClient, operationOf, type ServiceCommand } from '../service/client.js';
import type { EveryFaceAnswer, EveryFaceRequest, OnePassClient } from '../service/every-face.js';
import { present, toImage } from '../service/shapes.js';
import { derivedSignal } from '../signals.js';
import { cleanUpAtStart } from './clean-up.js';
import type { Answer, Engine, Operation } from './engine.js';
import { checkEngineOptions, IMPORT, type LocalRekognitionOptions } from './engine-options.js';
import { refusalFor } from './operations/refusal-for.js';
import { searchEveryFace } from './operations/search-every-face.js';
import { OPERATIONS } from './operations/table.js';
import { readRequestImage } from './photos/request-image.js';
import { readFromS3 } from './photos/s3-object.js';
import { exportCollection } from './portable/export-collection.js';
import {
  type ImportedCollection,
  type ImportOptions,
  importCollection,
} from './portable/import-collection.js';
import { refusal } from './protocol/refusals.js';
import { type OperationName, REQUEST_SHAPES } from './protocol/request-shapes.js';
import { checkRequest } from './protocol/validation.js';
import { ChangingRecords } from './records/changing-records.js';
import { purgeDeletedContents } from './records/deleted-contents.js';
import { DEFAULT_QUOTAS } from './records/quotas.js';
import { Records } from './records/records.js';
import { spacesOf } from './search/face-vectors.js';
import { MemoryStore } from './store/memory.js';
import type { Store } from './store/store.js';
import { VectorIndexes } from './vector-indexes.js';
import { EngineClosedError } from './vision/engine-errors.js';

/** A request of a few bytes can name 15 MB, so only so many are read at a time. */
const MOST_S3_READS = 8;

/**
 * Amazon Rekognition's face collections in this process: takes the commands of `@aws-sdk/client-rekognition` and
 * answers them as the service does, with models that run here. No image and no face leaves the machine.
 *
 * It answers the eighteen operations about faces, collections and users. Where it differs from the service, it
 * leaves things out rather than making them up: attributes for which there is no model are absent.
 *
 * @example
 * const client = new LocalRekognition();
 * await client.send(new CreateCollectionCommand({ CollectionId: 'team' }));
 * await client.send(new IndexFacesCommand({ CollectionId: 'team', Image: { Bytes: await readFile('ada.jpg') } }));
 * await client.close();
 */
export class LocalRekognition implements CommandClient, OnePassClient {
  readonly #directory: string | undefined;
  readonly #openStore: () => Promise<Store>;
  readonly #engineOn: (store: Store) => Engine;
  readonly #indexes = new VectorIndexes();
  /** The ids of the collections that are being imported. */
  readonly #imports = new Set<string>();
  readonly #inFlight = new Set<Promise<unknown>>();
  /** Closes what the engine has made itself. */
  readonly #closeOwn: (() => Promise<void>)[] = [];
  #opened: Promise<{ store: Store; engine: Engine }> | undefined;
  #closed: Promise<void> | undefined;

  /** @throws InvalidArgumentError for an option that is unknown, makes no sense, or has no use beside another */
  constructor(options?: LocalRekognitionOptions);
  /** Tests keep the records in a store of theirs, and look into it. */
  constructor(options: LocalRekognitionOptions = {}, givenStore?: Store) {
    checkEngineOptions(options);
    const { vision, model, human, workers, s3, directory, limits = {} } = options;
    // A relative path counts from here, wherever the process works when the first command comes.
    this.#directory = directory === undefined ? undefined : resolve(directory);
    this.#openStore = async () => givenStore ?? this.#openOwnStore();
    const loadVision = this.#own(
      async () => {
        const { FaceModels } = await import('./vision/face-models.js');
        return new FaceModels({ model, human, workers });
      },
      (models) => models.close(),
    );
    const makeClient = this.#own(makeS3Client, async (client) => client.destroy());
    const readS3Object = options.readS3Object ?? readFromS3(async () => s3 ?? makeClient());
    const inTurn = pLimit(MOST_S3_READS);
    const quotas = { ...DEFAULT_QUOTAS, ...present(limits) };

    this.#engineOn = (store) => ({
      records: new Records(store),
      indexes: this.#indexes,
      quotas,
      change: async (work) => {
        const { result, events } = await store.write((transaction) => {
          const changing = new ChangingRecords(transaction);
          return { result: work(changing), events: changing.events };
        });
        this.#indexes.apply(events);
        return result;
      },
      purgeDeletedContents: () => purgeDeletedContents(store, () => this.#closed !== undefined),
      vision: async () => vision ?? loadVision(),
      readImage: (image, signal) => {
        const read = async () => {
          signal?.throwIfAborted();
          return readRequestImage(image, readS3Object, signal);
        };
        return image.S3Object ? inTurn(read) : read();
      },
    });
  }

  /**
   * Opens the directory now. Without it that happens when the first command comes, which is rejected when it fails.
   *
   * @throws DirectoryTakenError when another engine has it; DirectoryUnusableError when it cannot be read and
   * written; DamagedDataError and UnknownFormatError when what is in it cannot be read; MissingPackageError without
   * the package `lmdb`
   */
  async open(): Promise<void> {
    await this.#whileOpen(() => this.#open());
  }

  /**
   * Answers a command as `RekognitionClient` does: with the same output, or the same exception.
   *
   * @param options.abortSignal rejects with the signal's reason; nothing is changed then
   * @throws the exceptions of Rekognition; EngineClosedError after `close`
   */
  async send<Output>(
    command: ServiceCommand<Output>,
    options: { abortSignal?: AbortSignal } = {},
  ): Promise<Output> {
    const { abortSignal } = options;
    const metadata = { httpStatusCode: 200, requestId: randomUUID(), attempts: 1, totalRetryDelay: 0 };
    const own = abortSignal && derivedSignal(abortSignal);
    try {
      abortSignal?.throwIfAborted();
      const answer = await this.answer(operationOf(command), command.input, own?.signal);
      return { $metadata: metadata, ...answer } as Output;
    } catch (error) {
      if (error instanceof RekognitionServiceException)
        error.$metadata = { ...metadata, httpStatusCode: error.$fault === 'server' ? 500 : 400 };
      throw error;
    } finally {
      own?.release();
    }
  }

  /**
   * Answers an operation by its name: what `send` does, for callers that have no command, such as a server.
   *
   * @param operation as AWS spells it: `IndexFaces`
   * @param input the request's members, with bytes as bytes; checked here, so it may be anything
   * @returns the answer's members, with times as `Date` and without `$metadata`
   * @throws as `send` does
   */
  async answer(operation: string, input: unknown, signal?: AbortSignal): Promise<object> {
    return this.#whileOpen(() => this.#answer(operation, input, signal));
  }

  /**
   * Searches every face of an image in one pass, which `searchPhoto` does with this engine. The service has no such
   * operation.
   *
   * @param image bytes of a JPEG or PNG, at most 5,242,880, or an object in S3
   * @param request.threshold 0 to 100, inclusive
   * @param request.limit most matches of a face: 1 to 4096 faces, or 500 users
   * @returns the faces, the largest first
   * @throws the exceptions of `SearchUsersByImage` and `SearchFacesByImage`
   */
  async searchEveryFace(
    collectionId: string,
    image: SendableImage,
    request: EveryFaceRequest,
    options: { abortSignal?: AbortSignal } = {},
  ): Promise<EveryFaceAnswer[]> {
    const { abortSignal } = options;
    const { by, threshold, limit, qualityFilter: QualityFilter } = request;
    const Image = toImage(image);
    const common = { CollectionId: collectionId, Image, QualityFilter };
    if (by === 'faces')
      checkRequest(REQUEST_SHAPES.SearchFacesByImage, {
        ...common,
        FaceMatchThreshold: threshold,
        MaxFaces: limit,
      });
    else
      checkRequest(REQUEST_SHAPES.SearchUsersByImage, {
        ...common,
        UserMatchThreshold: threshold,
        MaxUsers: limit,
      });
    return this.#whileOpen(async () => {
      abortSignal?.throwIfAborted();
      const { engine } = await this.#open();
      try {
        const bytes = await engine.readImage(Image, abortSignal);
        return await searchEveryFace(engine, collectionId, bytes, request, abortSignal);
      } catch (error) {
        throw refusalFor(error);
      }
    });
  }

  /**
   * A collection as one portable file: its faces with their vectors, its users, and who has which face. It is taken
   * as it is when the first bytes are asked for, and may be changed meanwhile; on disk, that takes more room until
   * the last bytes were taken.
   *
   * @throws ResourceNotFoundException, with the first bytes
   *
   * @example
   * await writeFile('team.rekollect', client.exportCollection('team'), { mode: 0o600 });
   */
  async *exportCollection(collectionId: string): AsyncGenerator<Uint8Array, void, void> {
    checkRequest(REQUEST_SHAPES.DescribeCollection, { CollectionId: collectionId });
    const { store } = await this.#whileOpen(() => this.#open());
    try {
      for await (const bytes of exportCollection(store, collectionId)) {
        this.#checkOpen();
        yield bytes;
      }
    } catch (error) {
      throw refusalFor(error);
    }
  }

  /**
   * Imports what `exportCollection` exported, here or elsewhere. It happens as a whole or not at all.
   *
   * @param source the file's bytes, such as a stream of them
   * @throws UnreadableCollectionError when it is something else, or damaged; UnknownFormatError when another version
   * of Rekollect made it; OtherModelsError when its vectors are those of other models;
   * ResourceAlreadyExistsException when there is such a collection, unless `replace` is asked for
   *
   * @example
   * await client.importCollection(createReadStream('team.rekollect'));
   */
  async importCollection(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: ImportOptions = {},
  ): Promise<ImportedCollection> {
    const { collectionId } = checkOptions(options, IMPORT);
    if (collectionId !== undefined)
      checkRequest(REQUEST_SHAPES.DescribeCollection, { CollectionId: collectionId });
    return this.#whileOpen(async () => {
      options.signal?.throwIfAborted();
      const { store, engine } = await this.#open();
      const spaces = async () => spacesOf(await engine.vision());
      return importCollection({ ...engine, store, spaces, underWay: this.#imports }, source, options);
    });
  }

  /**
   * Copies the directory, as it is at one moment, to a new one, while the engine goes on. The copy is checked, private,
   * and without what was deleted; it opens as any directory does.
   *
   * @param to a path where there is nothing yet
   * @throws InvalidArgumentError for an engine that keeps its collections in memory: export them;
   * DirectoryUnusableError when the copy cannot be written; DamagedDataError when what is copied is damaged
   *
   * @example
   * await client.backup('backups/2026-11-30');
   */
  async backup(to: string): Promise<void> {
    const directory = this.#directory;
    if (directory === undefined)
      throw new InvalidArgumentError('options.directory', directory, 'given to an engine that is backed up');
    if (typeof to !== 'string' || to === '')
      throw new InvalidArgumentError('to', to, 'the path of a directory');
    const target = resolve(to);
    await this.#whileOpen(async () => {
      await this.#open();
      const { backUpDirectory } = await import('./store/backup.js');
      await backUpDirectory(directory, target);
    });
  }

  /**
   * Finishes what was sent, then closes what the engine made itself: models, threads, files, an S3 client. Models and
   * clients that were passed in stay open. Whatever is sent from now on is refused.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** So that `await using client = new LocalRekognition()` closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** As `RekognitionClient` has it: closes, and does not wait for it. */
  destroy(): void {
    void this.close();
  }

  async #answer(name: string, input: unknown, signal?: AbortSignal): Promise<Answer<unknown>> {
    signal?.throwIfAborted();
    if (!isOperation(name))
      throw refusal('UnknownOperationException', `This engine answers no operation of the name ${name}.`);
    const operation = OPERATIONS[name] as Operation<unknown, unknown>;
    const request = checkRequest(REQUEST_SHAPES[name], input);
    const { engine } = await this.#open();
    signal?.throwIfAborted();
    try {
      return await operation(request, engine, signal);
    } catch (error) {
      throw refusalFor(error);
    }
  }

  /** Does something that `close` waits for. */
  async #whileOpen<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#checkOpen();
    const working = work();
    this.#inFlight.add(working);
    try {
      return await working;
    } finally {
      this.#inFlight.delete(working);
    }
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new EngineClosedError('This LocalRekognition was closed, and answers no more. Make a new one.');
  }

  #open(): Promise<{ store: Store; engine: Engine }> {
    this.#opened ??= this.#openNow().catch((error) => {
      // What was in the way may be gone the next time.
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #openNow(): Promise<{ store: Store; engine: Engine }> {
    const store = await this.#openStore();
    const engine = this.#engineOn(store);
    // In the background. What fails is tried again when the engine is opened the next time.
    void this.#whileOpen(() => cleanUpAtStart(store, engine.purgeDeletedContents)).catch(() => {});
    return { store, engine };
  }

  async #openOwnStore(): Promise<Store> {
    if (this.#directory === undefined) return new MemoryStore();
    const { openDiskStore } = await import('./store/disk.js');
    const store = await openDiskStore(this.#directory);
    this.#closeOwn.push(() => store.close());
    return store;
  }

  /** Makes something when it is first used, which is closed with the engine. */
  #own<Made>(make: () => Promise<Made>, close: (made: Made) => Promise<void>): () => Promise<Made> {
    let made: Promise<Made> | undefined;
    return () => {
      made ??= make().then((own) => {
        this.#closeOwn.push(() => close(own));
        return own;
      });
      return made;
    };
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    const closed = await Promise.allSettled(
      [() => this.#indexes.close(), ...this.#closeOwn].map((close) => close()),
    );
    for (const each of closed) if (each.status === 'rejected') throw each.reason;
  }
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}
