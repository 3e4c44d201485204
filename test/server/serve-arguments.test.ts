import { describe, expect, it } from 'vitest';
import { serve } from '../../src/cli/commands/serve.js';
import type { ServeArguments } from '../../src/cli/run-server.js';
import { UsageError } from '../../src/cli/usage-error.js';

/** What the server would be given. */
async function given(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<ServeArguments> {
  const served: ServeArguments[] = [];
  const command = serve(async (each) => void served.push(each), environment);
  await command.parseAsync([...args], { from: 'user' });
  return served[0]!;
}

const keys = { REKOLLECT_ACCESS_KEY_ID: 'AKID', REKOLLECT_SECRET_ACCESS_KEY: 'secret' };

describe('the arguments of rekollect serve', async () => {
  it('may all be left out', async () => {
    expect(await given([], {})).toEqual({ buckets: {}, cors: false, quiet: false, json: false });
  });

  it('may all be given', async () => {
    const args =
      '--port 0 --host ::1 --allow-host a.test --allow-host b.test --directory ./kept --bucket a=./x --bucket b=/y=z --workers 2 --human --access-key-id AKID --secret-access-key s --ui --thumbnails ./small --report r.html --cors --quiet --json';
    expect(await given(args.split(' '), {})).toEqual({
      port: 0,
      host: '::1',
      allowedHosts: ['a.test', 'b.test'],
      directory: './kept',
      buckets: { a: './x', b: '/y=z' },
      workers: 2,
      human: true,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 's' },
      ui: { thumbnails: './small', report: 'r.html' },
      cors: true,
      quiet: true,
      json: true,
    });
  });

  it('leave out @vladmandic/human when they say so', async () => {
    expect(await given(['--no-human'], {})).toMatchObject({ human: false });
  });

  it('take credentials from the environment, unless they are given', async () => {
    expect(await given([], keys)).toMatchObject({
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    });
    expect(await given(['--access-key-id', 'other', '--secret-access-key=s'], keys)).toMatchObject({
      credentials: { accessKeyId: 'other', secretAccessKey: 's' },
    });
  });

  it.each([
    [['--thumbnails', 'x'], /^--thumbnails and --report are for the page\. Give --ui, too\.$/],
    [['--nope'], /^Unknown option '--nope'\. Run rekollect serve --help\.$/],
    [['here'], /^Too many arguments\. Expected 0 arguments but got 1: here\. /],
    [['--port'], /^Option '--port <number>' argument missing\. /],
    [['--cors=yes'], /^Unknown option '--cors=yes'\. /],
    [['--human=no'], /^Unknown option '--human=no'\. /],
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
  ])('are refused in one sentence: %j', async (args, message) => {
    const refusal = await given(args, {}).catch((error) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal.message).toMatch(message);
  });

  it('take blank credentials for none', async () => {
    for (const blank of ['', ' ', '\n']) {
      const keys = { REKOLLECT_ACCESS_KEY_ID: blank, REKOLLECT_SECRET_ACCESS_KEY: blank };
      expect(await given([], keys)).not.toHaveProperty('credentials');
      await expect(given([], { ...keys, REKOLLECT_ACCESS_KEY_ID: 'AKID' })).rejects.toThrow(/^Give both /);
    }
  });

  it('are refused when half of the credentials is in the environment', async () => {
    await expect(given([], { REKOLLECT_ACCESS_KEY_ID: 'AKID' })).rejects.toThrow(/^Give both /);
  });
});
