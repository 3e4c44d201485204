import { describe, expect, it } from 'vitest';
import { readServeArguments } from '../../src/cli/serve-arguments.js';
import { UsageError } from '../../src/cli/usage-error.js';

const keys = { REKOLLECT_ACCESS_KEY_ID: 'AKID', REKOLLECT_SECRET_ACCESS_KEY: 'secret' };

describe('the arguments of rekollect serve', () => {
  it('may all be left out', () => {
    expect(readServeArguments([], {})).toEqual({ buckets: {}, cors: false, quiet: false });
  });

  it('may all be given', () => {
    const args =
      '--port 0 --host ::1 --allow-host a.test --allow-host b.test --directory ./kept --bucket a=./x --bucket b=/y=z --workers 2 --human --access-key-id AKID --secret-access-key s --cors --quiet';
    expect(readServeArguments(args.split(' '), {})).toEqual({
      port: 0,
      host: '::1',
      allowedHosts: ['a.test', 'b.test'],
      directory: './kept',
      buckets: { a: './x', b: '/y=z' },
      workers: 2,
      human: true,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 's' },
      cors: true,
      quiet: true,
    });
  });

  it('leave out @vladmandic/human when they say so', () => {
    expect(readServeArguments(['--no-human'], {})).toMatchObject({ human: false });
  });

  it('take credentials from the environment, unless they are given', () => {
    expect(readServeArguments([], keys)).toMatchObject({
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    });
    expect(readServeArguments(['--access-key-id', 'other', '--secret-access-key=s'], keys)).toMatchObject({
      credentials: { accessKeyId: 'other', secretAccessKey: 's' },
    });
  });

  it.each([['-h'], ['--help'], ['--port', '80', '--help']])('explain themselves with %j %j %j', (...args) => {
    expect(readServeArguments(args.filter(Boolean), {})).toEqual({
      help: expect.stringContaining('--bucket <name>=<folder>'),
    });
  });

  it.each([
    [['--nope'], /^Unknown option '--nope'\. Run rekollect serve --help\.$/],
    [['here'], /^Unexpected argument 'here'\. /],
    [['--port'], /^Option '--port <value>' argument missing\. /],
    [['--cors=yes'], /^Option '--cors' does not take an argument\. /],
    [['--human=no'], /^Option '--human' does not take an argument\. /],
    [['--no-port'], /^Unknown option '--no-port'\. /],
    [['--port', 'http'], /^--port must be a whole number, not "http"\.$/],
    [['--port=-1'], /^--port must be /],
    [['--port', '1e3'], /^--port must be /],
    [['--port', ''], /^--port must be /],
    [['--workers', 'two'], /^--workers must be a whole number, not "two"\.$/],
    [['--bucket', 'photos'], /^--bucket must be a name, "=" and a folder, not "photos"\.$/],
    [['--bucket', '=x'], /^--bucket must be /],
    [['--bucket', 'x='], /^--bucket must be /],
    [['--access-key-id', 'AKID'], /^Give both an access key id and a secret access key, or neither\.$/],
    [['--secret-access-key', 's'], /^Give both /],
  ])('are refused in one sentence: %j', (args, message) => {
    const read = () => readServeArguments(args, {});
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });

  it('take blank credentials for none', () => {
    for (const blank of ['', ' ', '\n']) {
      const keys = { REKOLLECT_ACCESS_KEY_ID: blank, REKOLLECT_SECRET_ACCESS_KEY: blank };
      expect(readServeArguments([], keys)).not.toHaveProperty('credentials');
      expect(() => readServeArguments([], { ...keys, REKOLLECT_ACCESS_KEY_ID: 'AKID' })).toThrow(
        /^Give both /,
      );
    }
  });

  it('are refused when half of the credentials is in the environment', () => {
    expect(() => readServeArguments([], { REKOLLECT_ACCESS_KEY_ID: 'AKID' })).toThrow(/^Give both /);
  });
});
