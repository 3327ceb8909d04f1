import { basename, resolve } from 'node:path';
import { initialize } from '../../app/initialize.ts';
import type { AddCommand } from '../command.ts';

interface Options {
  readonly company?: string;
  readonly timezone?: string;
  readonly period?: string;
}

export const addInit: AddCommand = (program, run) => {
  program
    .command('init')
    .description('begin a workspace: a commented tickmark.yaml, folders for what you lay over the catalogue')
    .argument('[DIR]', 'where (the workspace unless said)')
    .option('--company <NAME>', 'name of the company')
    .option('--timezone <ZONE>', 'IANA time zone, like Europe/Berlin')
    .option('--period <FROM..TO>', 'observation period as dates: 2026-01-01..2027-01-01')
    .action(
      run<Options>(async ({ dir, output }, options, folder) => {
        const where = folder && folder !== 'undefined' ? resolve(folder) : dir;
        const year = new Date().getUTCFullYear();
        const company = options.company ?? (await ask('Name of the company', basename(where), output.json || output.quiet));
        const timezone = options.timezone ?? (await ask('Time zone', Intl.DateTimeFormat().resolvedOptions().timeZone, output.json || output.quiet));
        const files = initialize(where, { company, timezone, period: options.period ?? `${year}-01-01..${year + 1}-01-01` });

        output.give({ workspace: where, files });
        output.say(`A workspace is in ${where}. Next: name a source in tickmark.yaml, then run "tickmark collect" and "tickmark status" there.`);
        return 0;
      }),
    );
};

/** Asks on a terminal; elsewhere the suggestion is the answer. */
async function ask(message: string, suggested: string, silent: boolean): Promise<string> {
  if (silent || !process.stdin.isTTY || !process.stdout.isTTY) return suggested;
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({ message, initialValue: suggested });
  if (isCancel(answer)) process.exit(2);
  return answer || suggested;
}
