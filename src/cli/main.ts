#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { RekollectError } from '../errors.js';
import { ownFile } from '../packages.js';
import { readBackupArguments } from './backup-arguments.js';
import { readServeArguments } from './serve-arguments.js';
import { UsageError } from './usage-error.js';

const HELP = `rekollect <command>

  serve    answer AWS SDKs and the AWS CLI with the local engine, over HTTP
  backup   copy a directory of collections, also one that is being served

  -h, --help       what a command takes: rekollect serve --help
      --version
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main([command, ...rest]: string[]): Promise<void> {
  switch (command) {
    case undefined:
    case '-h':
    case '--help':
      say(HELP);
      return;
    case '--version':
      say(JSON.parse(readFileSync(ownFile('package.json'), 'utf8')).version);
      return;
    case 'serve': {
      const given = readServeArguments(rest, process.env);
      if ('help' in given) return void say(given.help);
      // Loaded when it is known to be needed: the engine takes longer to load than help does to print.
      const { runServer } = await import('./run-server.js');
      return runServer(given, say);
    }
    case 'backup': {
      const given = readBackupArguments(rest);
      if ('help' in given) return void say(given.help);
      const { backUpDirectory } = await import('../local/index.js');
      return backUpDirectory(given.directory, given.to);
    }
    default:
      throw new UsageError(`There is no command ${command}. Run rekollect --help.`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isExpected = error instanceof RekollectError || error instanceof UsageError;
  const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`rekollect: ${text}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
