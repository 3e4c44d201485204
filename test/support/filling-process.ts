/* Writes into the directory it is given until that fails, and says what became of each write. */
import { openDiskStore } from '../../src/local/store/disk.js';

async function fill(directory: string): Promise<void> {
  // Writing behind the limit that the test has set is to fail, not to end the process.
  process.on('SIGXFSZ', () => {});
  const store = await openDiskStore(directory);
  const write = (n: number) =>
    store.write((transaction) => {
      transaction.put(`big/${String(n).padStart(4, '0')}`, { numbers: new Float32Array(20_000) });
      transaction.put(`small/${String(n).padStart(4, '0')}`, { n });
    });
  let kept = 0;
  const errors: Error[] = [];
  while (errors.length === 0) {
    const written = await Promise.allSettled([write(kept), write(kept + 1)]);
    for (const { status, reason } of written as PromiseRejectedResult[]) {
      if (status === 'rejected') errors.push(reason);
      else kept++;
    }
  }
  const keys = [...store.keys('')].length;
  const again = await write(9999).catch((error) => error);
  const small = await store.write((transaction) => {
    transaction.remove('big/0000');
    return 'removed';
  });
  await store.close();
  const results = {
    errors: errors.map(({ name, message }) => ({ name, message })),
    again: again.name,
    kept,
    keys,
    small,
  };
  process.stdout.write(`${JSON.stringify(results)}\n`);
}

void fill(process.argv[2] ?? '');
