import { UndecodableRecordError } from './record-encoding.js';
import { DamagedDataError, DirectoryUnusableError } from './store-errors.js';

/** LMDB's own numbers for a file that is not as it should be (lmdb.h, "Return Codes"). */
const DAMAGE: Readonly<Record<number, string>> = {
  [-30797]: 'lacks a page that another one refers to',
  [-30796]: 'has a page of the wrong kind where another was expected',
  [-30795]: 'could not be updated, and may be damaged',
  [-30794]: 'was written by another version of LMDB',
  [-30793]: 'is no LMDB database',
};

/** Runs `work` on a file; what goes wrong with the file is thrown as an error that says what to do. */
export async function explained<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explain(file, await reasonOf(error));
  }
}

/** An error of a file as one of ours. Errors of any other kind are answered as they are. */
export function explain(file: string, error: unknown): unknown {
  const damage = damageIn(error);
  if (damage !== undefined) return new DamagedDataError(file, damage, { cause: error });
  const { code, path = file } = (error ?? {}) as { code?: unknown; path?: string };
  const isOfTheSystem =
    (typeof code === 'number' && code > 0) || (typeof code === 'string' && 'syscall' in (error as object));
  return isOfTheSystem ? new DirectoryUnusableError(path, 'cannot be used', error) : error;
}

/** What an error says is wrong inside a data file, if it says that. */
export function damageIn(error: unknown): string | undefined {
  if (error instanceof UndecodableRecordError) return 'has a damaged record';
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? DAMAGE[code] : undefined;
}

/** LMDB rejects everything that was to be committed together with one and the same error, and says why elsewhere. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = (error ?? {}) as { commitError?: Promise<never> };
  return commitError ? commitError.catch((reason) => reason) : error;
}
