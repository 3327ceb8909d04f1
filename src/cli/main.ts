import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { openAny } from '../app/demo.ts';
import { VERSION } from '../app/version.ts';
import { TickmarkError } from '../core/error.ts';
import type { AddCommand, Exit, Given } from './command.ts';
import { addAttest } from './commands/attest.ts';
import { addBundle } from './commands/bundle.ts';
import { addCatalog } from './commands/catalog.ts';
import { addCollect } from './commands/collect.ts';
import { addDemo } from './commands/demo.ts';
import { addDeviations } from './commands/deviations.ts';
import { addDispose } from './commands/dispose.ts';
import { addFindings } from './commands/findings.ts';
import { addHold } from './commands/hold.ts';
import { addIdentity } from './commands/identity.ts';
import { addInit } from './commands/init.ts';
import { addLog } from './commands/log.ts';
import { addOccurrences } from './commands/occurrences.ts';
import { addPeriod } from './commands/period.ts';
import { addPermissions } from './commands/permissions.ts';
import { addPopulation } from './commands/population.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addReplay } from './commands/replay.ts';
import { addReport } from './commands/report.ts';
import { addRetention } from './commands/retention.ts';
import { addSample } from './commands/sample.ts';
import { addServe } from './commands/serve.ts';
import { addShow } from './commands/show.ts';
import { addStatements } from './commands/statements.ts';
import { addStatus } from './commands/status.ts';
import { addWaivers } from './commands/waivers.ts';
import { addWitness } from './commands/witness.ts';
import { output } from './output.ts';

const COMMANDS: readonly AddCommand[] = [
  addInit,
  addDemo,
  addCollect,
  addCatalog,
  addAttest,
  addStatements,
  addIdentity,
  addStatus,
  addDeviations,
  addFindings,
  addWaivers,
  addOccurrences,
  addPeriod,
  addPopulation,
  addSample,
  addShow,
  addReport,
  addBundle,
  addLog,
  addRetention,
  addDispose,
  addHold,
  addRebuild,
  addReplay,
  addPermissions,
  addServe,
  addWitness,
];

interface Common {
  readonly workspace: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

const program = new Command('tickmark')
  .description('Proves that SOC 2 controls operate, with evidence that a stranger can verify.')
  .version(VERSION)
  .option('-w, --workspace <DIR>', 'the folder that holds tickmark.yaml', '.')
  .option('--json', 'the answer as JSON, alone on stdout', false)
  .option('-q, --quiet', 'say nothing but errors', false)
  .showHelpAfterError('(run with --help for what there is)')
  .addHelpText('after', '\nExit codes: 0 done; 1 done, but something fails or is incomplete; 2 usage or configuration; 3 integrity.')
  .exitOverride();

/** Every option may stand before or after the command's name. */
function run<Options>(action: (given: Given, options: Options, ...words: string[]) => Promise<Exit>) {
  return async (...all: unknown[]): Promise<void> => {
    const command = all.at(-1) as Command;
    const { workspace, json, quiet } = command.optsWithGlobals<Common & Options & Record<string, unknown>>();
    const dir = resolve(workspace);
    const said = output({ json, quiet });
    const given: Given = {
      dir,
      output: said,
      async within(use) {
        const opened = await openAny({ dir });
        try {
          return await use(opened);
        } finally {
          await opened.close();
        }
      },
    };
    process.exitCode = await action(given, command.optsWithGlobals() as Options, ...all.slice(0, -2).map(String));
  };
}

for (const add of COMMANDS) add(program, run);
for (const command of program.commands) globals(command);

function globals(command: Command): void {
  command
    .exitOverride()
    .option('-w, --workspace <DIR>', 'the folder that holds tickmark.yaml')
    .option('--json', 'the answer as JSON')
    .option('-q, --quiet', 'say nothing but errors');
  for (const inner of command.commands) globals(inner);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof TickmarkError) {
    process.stderr.write(`tickmark: ${error.message}\n`);
    process.exitCode = error.exit;
  } else {
    process.stderr.write(`tickmark: something broke that should not: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 3;
  }
}
