import { fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadingOptions } from '../../loading-options.js';
import { threadEntry } from '../../thread-entry.js';
import {
  DamagedDataError,
  DirectoryTakenError,
  DirectoryUnusableError,
  UnknownFormatError,
} from './store-errors.js';
import type { StoreAnswer, StoreTask } from './store-process.js';

/** A check may take a minute, and a second more for each so many bytes, which is a tenth of what a slow disk reads. */
const LEAST_SECONDS = 60;
const BYTES_PER_SECOND = 10 * 2 ** 20;
const MOST_SECONDS = 24 * 60 * 60;

/**
 * Has the files of a directory opened and read in a process of its own, which LMDB may end if they are damaged. Starting
 * it takes a fifth of a second.
 *
 * @throws DamagedDataError, DirectoryTakenError, UnknownFormatError, DirectoryUnusableError
 */
export async function checkApart(task: StoreTask): Promise<void> {
  const { claimFile, dataFile } = task;
  let file = claimFile ?? dataFile ?? '';
  const bytes = dataFile === undefined ? 0 : (await stat(dataFile)).size;
  const seconds = Math.min(LEAST_SECONDS + bytes / BYTES_PER_SECOND, MOST_SECONDS);
  const entry = threadEntry('local/store/store-process');
  const { execArgv = [] } = loadingOptions(entry);
  const child = fork(fileURLToPath(entry), { execArgv, serialization: 'advanced', stdio: 'ignore' });
  let isLate = false;
  const clock = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  let answer: StoreAnswer | undefined;
  child.on('message', (message: StoreAnswer) => {
    if (message.status === 'claim-file-works') file = dataFile ?? file;
    else {
      answer = message;
      child.kill('SIGKILL');
    }
  });
  try {
    child.send(task, () => {});
    const [code, signal] = await once(child, 'exit');
    throwUnlessSound(
      answer ??
        answerOfEnd(isLate ? `unfinished after ${Math.round(seconds)} s` : signal ? `with ${signal}` : code),
      file,
      file === claimFile,
    );
  } finally {
    clearTimeout(clock);
    child.kill('SIGKILL');
  }
}

/** What the end of a process says that did not answer. */
function answerOfEnd(end: string | number): StoreAnswer {
  // An error of JavaScript: LMDB has not been reached.
  if (end === 1) return { status: 'failed', message: 'the process that checks it cannot be started' };
  const ended = typeof end === 'number' ? `with code ${end}` : end;
  return { status: 'damaged', problem: `cannot be read: the process that tried ended ${ended}` };
}

function throwUnlessSound(answer: StoreAnswer, file: string, isClaimFile: boolean): void {
  switch (answer.status) {
    case 'claim-file-works':
    case 'sound':
      return;
    case 'taken':
      throw new DirectoryTakenError(dirname(file), answer.pid);
    case 'damaged':
      throw new DamagedDataError(
        file,
        answer.problem,
        isClaimFile ? { remedy: 'It holds no faces: delete it while no engine runs.' } : {},
      );
    case 'other-format':
      throw new UnknownFormatError(file, answer.found, answer.supported);
    case 'failed':
      throw new DirectoryUnusableError(file, 'cannot be used', new Error(answer.message));
  }
}
