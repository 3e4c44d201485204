/* Opens the directory it is given, where no room may be left, and says what comes of it. */
import { openDiskStore } from '../../src/local/store/disk.js';

// Writing behind the limit that the test has set is to fail, not to end the process.
process.on('SIGXFSZ', () => {});
void openDiskStore(process.argv[2] ?? '').then(
  () => process.stdout.write('opened\n'),
  (error: Error) => process.stdout.write(`${error.name}\n`),
);
