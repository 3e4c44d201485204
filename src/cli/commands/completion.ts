import { Argument, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { command } from '../command.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** @param program whose commands and options are completed; known when the command runs */
export const completion = (program: () => { readonly commands: readonly CommandUnknownOpts[] }) =>
  command('completion', 'print a script by which a shell completes commands and options', [
    'source <(rekollect completion bash)                     in ~/.bashrc',
    'source <(rekollect completion zsh)                      in ~/.zshrc, after compinit',
    'rekollect completion fish > ~/.config/fish/completions/rekollect.fish',
  ])
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .action((shell) => {
      const { commands } = program();
      process.stdout.write(shell === 'fish' ? forFish(commands) : forBash(commands, shell === 'zsh'));
    });

const optionsOf = (command: CommandUnknownOpts) => command.createHelp().visibleOptions(command);

/** Options where a dash begins them, and files as ever. */
function forBash(commands: readonly CommandUnknownOpts[], isZsh: boolean): string {
  const cases = commands.map(
    (each) =>
      `    ${each.name()}) words='${optionsOf(each)
        .map((option) => option.long)
        .join(' ')}' ;;`,
  );
  return `${isZsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_rekollect() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=''
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" = 1 ] && words='${commands.map((each) => each.name()).join(' ')}'
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ] || [ "\${word#-}" != "$word" ]; then
    COMPREPLY=( $(compgen -W "$words" -- "$word") )
  fi
}
complete -o default -F _rekollect rekollect
`;
}

function forFish(commands: readonly CommandUnknownOpts[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = commands.flatMap((each) => [
    `complete -c rekollect -n __fish_use_subcommand -a ${each.name()} -d ${quoted(each.summary())}`,
    ...optionsOf(each).map((option) => {
      const takes = option.required ? ' -r' : '';
      const name = option.long?.slice(2);
      return `complete -c rekollect -n '__fish_seen_subcommand_from ${each.name()}' -l ${name}${takes} -d ${quoted(option.description)}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
