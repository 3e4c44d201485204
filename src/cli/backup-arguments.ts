import { parseArgs } from 'node:util';
import { UsageError, usageErrorOf } from './usage-error.js';

const HELP = `rekollect backup --directory <path> <new path>

Copies the collections of a directory, as they are at one moment, to a new one. A server may be using it meanwhile.
The copy is checked, and opens as any directory: rekollect serve --directory <new path>

      --directory <path>         what to copy
  -h, --help
`;

const OPTIONS = { directory: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/**
 * Reads the arguments of `rekollect backup`.
 *
 * @throws UsageError
 */
export function readBackupArguments(
  args: readonly string[],
): { directory: string; to: string } | { help: string } {
  const { values, positionals } = parse(args);
  if (values.help) return { help: HELP };
  const [to, ...others] = positionals;
  if (!values.directory || !to || others.length > 0)
    throw new UsageError('Give --directory and one new path. Run rekollect backup --help.');
  return { directory: values.directory, to };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usageErrorOf(error, 'backup');
  }
}
