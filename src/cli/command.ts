import { Command, type CommanderError, Option, type OptionValues } from '@commander-js/extra-typings';
import { UsageError, usageErrorOf } from './usage-error.js';

/** Where collections are kept when nothing is said, and which of them is meant. */
export const DIRECTORY = '.faces';
export const COLLECTION = 'people';

/** How `rekollect` and each of its commands answer wrong use: by throwing, so that there is one way to print errors. */
export function helpful<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
  examples: readonly string[],
): Command<Args, Options> {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  return command
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', `\nExamples:\n${lines}`)
    .configureOutput({ outputError: () => {} })
    .exitOverride((error) => {
      throw isNoError(error) ? error : usageErrorOf(error, command.name());
    });
}

/** Help was asked for, or the version, and printed. */
export function isNoError(error: CommanderError): boolean {
  return error.exitCode === 0;
}

/** A command of `rekollect`: what it does in a sentence, and lines that show how it is used. */
export function command(name: string, summary: string, examples: readonly string[]) {
  return helpful(new Command(name), examples)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .option('--json', 'answer as JSON, for scripts: one line for each answer; errors as JSON on stderr');
}

/** A command that needs face models, or what answers in their place. */
export function onEngine(name: string, summary: string, examples: readonly string[]) {
  return command(name, summary, examples)
    .addOption(
      new Option('--local <dir>', 'the local engine, with the collections of this directory')
        .default(DIRECTORY)
        .conflicts(['aws', 'endpoint']),
    )
    .option('--aws', 'Amazon Rekognition, with the credentials of the environment')
    .option('--region <name>', 'AWS Region; default: that of the environment')
    .option('--profile <name>', 'whose credentials, as ~/.aws names them')
    .option('--endpoint <url>', 'a server that speaks its protocol, such as rekollect serve');
}

/** A command about the faces and users of a collection. */
export function onCollection(name: string, summary: string, examples: readonly string[]) {
  return onEngine(name, summary, examples).option('--collection <name>', 'which collection', COLLECTION);
}

/** How strict a threshold or a margin is, the library checks. */
export function number(option: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw new UsageError(`--${option} must be a number, not "${text}".`);
    return value;
  };
}

/** How large it may be, the library knows. */
export function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text)) throw new UsageError(`--${option} must be a whole number, not "${text}".`);
    return Number(text);
  };
}

/** For an option that may be given again. */
export function collect<Item>(read: (text: string) => Item) {
  return (text: string, before: readonly Item[] | undefined): Item[] => [...(before ?? []), read(text)];
}
