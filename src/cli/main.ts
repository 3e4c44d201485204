#!/usr/bin/env node
import { failureOf } from './failure.js';
import { warn, watchOutput } from './output.js';
import { program } from './program.js';
import { wipe } from './progress.js';

async function main(args: readonly string[]): Promise<void> {
  watchOutput();
  // The SDK's word on the future of this Node.js is no answer, and no error in JSON.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  try {
    await program().parseAsync(args.length > 0 ? [...args] : ['--help'], { from: 'user' });
  } catch (error) {
    const { exitCode, problem } = failureOf(error);
    wipe();
    if (problem) warn({ json: args.includes('--json') }, problem);
    process.exitCode = exitCode;
  }
}

void main(process.argv.slice(2));
