import { command } from '../command.js';
import { answer } from '../output.js';

export const backup = () =>
  command('backup', 'copy a directory of collections, also one that is being served', [
    'rekollect backup --directory .faces backups/monday',
    'rekollect serve --directory backups/monday               the copy opens as any directory',
  ])
    .argument('<path>', 'where the copy is made: a path where there is nothing yet')
    .requiredOption('--directory <dir>', 'what to copy; a server may be using it meanwhile')
    .action(async (to, options) => {
      const { directory } = options;
      const { backUpDirectory } = await import('../../local/index.js');
      await backUpDirectory(directory, to);
      // A job that copies every night says nothing as long as all is well.
      answer(options, { directory, backup: to }, []);
    });
