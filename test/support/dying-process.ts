/* Makes a change in the directory it is given, and dies in the middle of the next one. */
import { openDiskStore } from '../../src/local/store/disk.js';

async function die(directory: string): Promise<void> {
  const store = await openDiskStore(directory);
  await store.write((transaction) => transaction.put('answered', {}));
  process.stdout.write('answered\n');
  await store.write((transaction) => {
    transaction.put('half', {});
    transaction.remove('answered');
    process.kill(process.pid, 'SIGKILL');
  });
}

void die(process.argv[2] ?? '');
