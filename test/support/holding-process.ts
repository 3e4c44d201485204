/* Opens the directory it is given and says so, and what went wrong if it did. Holds it until its input ends. */
import { openDiskStore } from '../../src/local/store/disk.js';

async function hold(directory: string): Promise<void> {
  try {
    const store = await openDiskStore(directory);
    process.stdout.write('open\n');
    process.stdin.on('end', () => void store.close()).resume();
  } catch (error) {
    const { name, message, pid } = error as Error & { pid?: number };
    process.stdout.write(`${JSON.stringify({ name, message, pid })}\n`);
    process.exit();
  }
}

void hold(process.argv[2] ?? '');
