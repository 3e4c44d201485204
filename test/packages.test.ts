import { MissingPackageError } from 'rekollect';
import { expect, it } from 'vitest';
import { checkInstalled } from '../src/packages.js';

it('names every package that is missing in one command, and the one that would do as well', () => {
  const check = () =>
    checkInstalled('The server', [
      ['sharp'],
      ['@rekollect/a', '@rekollect/b'],
      ['lmdb', 'none'],
      ['@rekollect/c'],
    ]);
  expect(check).toThrow(MissingPackageError);
  expect(check).toThrow(
    'The server needs the package @rekollect/a or @rekollect/b, and neither is installed. ' +
      'Run: npm install @rekollect/a @rekollect/c',
  );
  expect(() => checkInstalled('The server', [['@rekollect/a', 'sharp']])).not.toThrow();
});
