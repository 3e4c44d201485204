import { readFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { ownFile } from '../packages.js';
import { helpful } from './command.js';
import { audit } from './commands/audit.js';
import { backup } from './commands/backup.js';
import { compare } from './commands/compare.js';
import { completion } from './commands/completion.js';
import { doctor } from './commands/doctor.js';
import { enroll } from './commands/enroll.js';
import { evaluate } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { faces } from './commands/faces.js';
import { forget } from './commands/forget.js';
import { group } from './commands/group.js';
import { importCommand } from './commands/import.js';
import { redact } from './commands/redact.js';
import { search } from './commands/search.js';
import { serve } from './commands/serve.js';
import { ui } from './commands/ui.js';
import { users } from './commands/users.js';

/** `rekollect` and its commands, in the order in which somebody new needs them. */
export function program(): Command {
  const program = new Command('rekollect')
    .description('Who is in this photo? With face models on this machine, or with Amazon Rekognition.')
    .usage('<command>')
    .version(JSON.parse(readFileSync(ownFile('package.json'), 'utf8')).version, '--version', 'its version');
  helpful(program, [
    'rekollect doctor                  is all there that it takes?',
    'rekollect enroll people/          people/ada/*.jpg, people/bob/*.jpg …',
    'rekollect search party.jpg        who is in this photo?',
    'rekollect search --help           all about a command',
  ]);
  program.addHelpText(
    'after',
    '\nExit codes: 0 fine, 1 failed, 2 wrong use, 3 nobody was found, 130 stopped by Ctrl-C.',
  );
  const commands = [
    enroll(),
    search(),
    users(),
    faces(),
    forget(),
    compare(),
    redact(),
    group(),
    audit(),
    evaluate(),
    exportCommand(),
    importCommand(),
    ui(),
    serve(),
    backup(),
    doctor(),
    completion(() => program),
  ];
  for (const command of commands) program.addCommand(command as unknown as Command);
  return program;
}
