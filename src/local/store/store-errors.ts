import { RekollectError } from '../../errors.js';

/** Another engine keeps its collections in this directory. Close that one first, or send your commands to it. */
export class DirectoryTakenError extends RekollectError {
  readonly code = 'DIRECTORY_TAKEN';
  readonly directory: string;
  /** The process that has it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    const who = pid === process.pid ? `this process (${pid}) already` : `process ${pid}`;
    super(`${directory} is in use by ${who}. Close the engine there first, or share it over a server.`);
    this.name = 'DirectoryTakenError';
    this.directory = directory;
    this.pid = pid;
  }
}

/**
 * The directory or a file in it cannot be read or written: no permission, no space, a file in its place. `cause` is
 * what the system said. Nothing of what failed was kept; mend it and try again.
 */
export class DirectoryUnusableError extends RekollectError {
  readonly code = 'DIRECTORY_UNUSABLE';
  /** The directory or file. */
  readonly path: string;

  constructor(path: string, problem: string, cause: unknown) {
    super(`${path} ${problem}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'DirectoryUnusableError';
    this.path = path;
  }
}

const RESTORE =
  'Put a backup of the directory in its place, or import your exported collections into a new one.';

/** A file of the directory is damaged, and was left as it is. Restore it, or import into a new directory. */
export class DamagedDataError extends RekollectError {
  readonly code = 'DAMAGED_DATA';
  readonly file: string;
  /** What is wrong with it, as in "has a damaged record". */
  readonly problem: string;

  constructor(
    file: string,
    problem: string,
    { remedy = RESTORE, ...options }: ErrorOptions & { remedy?: string } = {},
  ) {
    super(`${file} ${problem}. It was left as it is. ${remedy}`, options);
    this.name = 'DamagedDataError';
    this.file = file;
    this.problem = problem;
  }
}

/** A file was written by another version of Rekollect, in a format that this one does not read. */
export class UnknownFormatError extends RekollectError {
  readonly code = 'UNKNOWN_FORMAT';
  /** The directory's data file; undefined for a collection that was to be imported. */
  readonly file: string | undefined;
  readonly found: number;
  readonly supported: number;

  constructor(file: string | undefined, found: number, supported: number) {
    super(
      `${file ?? 'The exported collection'} has format ${found}, and this version of Rekollect reads format ` +
        `${supported}. ${remedyFor(file, found, supported)}`,
    );
    this.name = 'UnknownFormatError';
    this.file = file;
    this.found = found;
    this.supported = supported;
  }
}

/** The first format of a directory whose vectors are those of today's models. */
const TODAYS_VECTORS = 3;

function remedyFor(file: string | undefined, found: number, supported: number): string {
  if (found > supported) return 'Update Rekollect.';
  if (file !== undefined && found >= TODAYS_VECTORS)
    return 'Export its collections with the version that wrote it, and import them into a new directory.';
  return (
    'It was made by other face models, whose vectors are never mixed with those of today: index the photos again, ' +
    `into a new ${file === undefined ? 'collection' : 'directory'}.`
  );
}

/** The store was closed, with the engine it belongs to. Open another one. */
export class StoreClosedError extends RekollectError {
  readonly code = 'STORE_CLOSED';

  constructor(file: string) {
    super(`${file} was closed, and nothing is read or written any more.`);
    this.name = 'StoreClosedError';
  }
}

/** What was to be imported is no exported collection, or not the whole of it. Nothing was imported. */
export class UnreadableCollectionError extends RekollectError {
  readonly code = 'UNREADABLE_COLLECTION';

  constructor(problem: string, options?: ErrorOptions) {
    super(`This is no exported collection, or it is damaged: ${problem}. Nothing was imported.`, options);
    this.name = 'UnreadableCollectionError';
  }
}

/**
 * The vectors of a collection that was to be imported were made by other models than those in use, and cannot be
 * compared with theirs. Import it where the same models are in use, or index the images anew.
 */
export class OtherModelsError extends RekollectError {
  readonly code = 'OTHER_MODELS';
  /** The vector space of the collection, and that of the models in use. */
  readonly found: string;
  readonly expected: string;

  constructor(collectionId: string, found: string, expected: string) {
    super(
      `Collection ${collectionId} holds face vectors of "${found}", and the models in use make those of ` +
        `"${expected}". Import it where "${found}" is in use, or index its images anew. Nothing was imported.`,
    );
    this.name = 'OtherModelsError';
    this.found = found;
    this.expected = expected;
  }
}
