import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { VERSION } from '../app/release.ts';
import { TickmarkError } from '../core/error.ts';
import { printable } from '../core/printable.ts';
import type { Exit, Given } from './command.ts';
import { COMMANDS, type LoadCommand } from './commands.ts';
import { output, type Streams } from './output.ts';

interface Common {
  readonly workspace: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Runs one command line and gives its exit code: 0 done; 1 done, but something fails or is incomplete; 2 usage or
 * configuration; 3 integrity.
 *
 * @param words what follows the program's name
 * @param streams where it speaks
 */
export async function tickmark(words: readonly string[], streams: Streams = process): Promise<number> {
  let code = 0;
  try {
    const program = await programFor(words, streams, (exit) => {
      code = exit;
    });
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof TickmarkError) {
      streams.stderr.write(`tickmark: ${error.message.split('\n').map(printable).join('\n')}\n`);
      return error.exit;
    }
    streams.stderr.write(`tickmark: something broke that should not: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 3;
  }
}

async function programFor(words: readonly string[], streams: Streams, ended: (exit: Exit) => void): Promise<Command> {
  const program = new Command('tickmark')
    .description('Proves that SOC 2 controls operate, with evidence that a stranger can verify.')
    .version(VERSION)
    .option('-w, --workspace <DIR>', 'the folder that holds tickmark.yaml', '.')
    .option('--json', 'the answer as JSON, alone on stdout', false)
    .option('-q, --quiet', 'say nothing but errors', false)
    .showHelpAfterError('(run with --help for what there is)')
    .addHelpText('after', '\nExit codes: 0 done; 1 done, but something fails or is incomplete; 2 usage or configuration; 3 integrity.')
    .configureOutput({ writeOut: (text) => void streams.stdout.write(text), writeErr: (text) => void streams.stderr.write(text) })
    .exitOverride();

  /** Every option may stand before or after the command's name. */
  function run<Options>(action: (given: Given, options: Options, ...words: string[]) => Promise<Exit>) {
    return async (...all: unknown[]): Promise<void> => {
      const command = all.at(-1) as Command;
      const { workspace, json, quiet } = command.optsWithGlobals<Common & Options & Record<string, unknown>>();
      const given = givenIn(resolve(workspace), output({ json, quiet }, streams));
      ended(await action(given, command.optsWithGlobals() as Options, ...all.slice(0, -2).map(String)));
    };
  }

  for (const load of asked(words)) (await load())(program, run);
  for (const command of program.commands) globals(command);
  return program;
}

/** The command that is named; all of them where none is: for the help, or to suggest one. */
function asked(words: readonly string[]): readonly LoadCommand[] {
  const name = words.find((word, place) => !word.startsWith('-') && !/^(-w|--workspace)$/.test(words[place - 1] ?? ''));
  if (name === undefined && words.some((word) => /^(-V|--version)$/.test(word))) return [];
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return load ? [load] : Object.values(COMMANDS);
}

const givenIn = (dir: string, said: Given['output']): Given => ({
  dir,
  output: said,
  async within(use) {
    const { openAny } = await import('../app/open-any.ts');
    const opened = await openAny({ dir });
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  },
});

function globals(command: Command): void {
  command
    .exitOverride()
    .option('-w, --workspace <DIR>', 'the folder that holds tickmark.yaml')
    .option('--json', 'the answer as JSON')
    .option('-q, --quiet', 'say nothing but errors');
  for (const inner of command.commands) globals(inner);
}
