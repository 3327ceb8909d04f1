import type { Command } from 'commander';
import { pinLog } from '../../app/pin.ts';
import { printable } from '../../core/printable.ts';
import { succeededLine } from '../../verify/known-key.ts';
import type { AddCommand } from '../command.ts';

interface Options {
  readonly log?: string;
  readonly pin: string;
  readonly key?: string;
}

/** `log pin`: needs no workspace, for it is the auditor's. */
export function addLogPin(log: Command, run: Parameters<AddCommand>[1]): void {
  log
    .command('pin')
    .description('demand that a log continues the checkpoint kept in a file, then keep the newest one in its place')
    .requiredOption('--pin <FILE>', 'your own file: it holds the key of the log and the last checkpoint. Never let the company keep it for you')
    .option('--log <DIR>', 'the log, or a copy of it: the folder that holds "checkpoint" and "tile"; the workspace unless said')
    .option('--key <KEY>', 'the first time: the key of the log, as you were told it; its own log.json is believed unless said')
    .action(
      run<Options>(async ({ dir, output }, { log: folder, pin, key }) => {
        const { checkpoint, before, verifierKey, followed } = await pinLog({ log: folder ?? dir, file: pin, key });

        output.give({ checkpoint, before, verifierKey, followed, pin });
        for (const its of followed) output.say(printable(succeededLine(its)));
        const origin = printable(checkpoint.origin);
        if (before === null) {
          output.say(`Pinned ${origin} at size ${checkpoint.size} in ${pin}.`);
          output.say(`Compare its key with what the company told you: ${printable(verifierKey)}`);
        } else if (before.size === checkpoint.size) output.say(`${origin} is what it was: size ${checkpoint.size}.`);
        else
          output.say(
            `${origin} continues from size ${before.size} to ${checkpoint.size}: nothing of the first ${before.size} records was changed, dropped or moved.`,
          );
        return 0;
      }),
    );
}
