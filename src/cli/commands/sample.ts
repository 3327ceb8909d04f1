import { sampleCommand } from '../../app/period.ts';
import { several, spokenInstant } from '../../core/spoken.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columns, instantOrNull } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT } from '../then.ts';
import { about, type Options, queryOf, stated } from './population.ts';

export const addSample: AddCommand = (program, run) => {
  program
    .command('sample')
    .description('draw items of a population by a seed, so that anybody draws the same ones, and seal that they were drawn: see docs/sampling.md')
    .requiredOption('--control <ID>', 'the control')
    .option('--check <ID>', 'the check, where the control has several')
    .option('--period <FROM..TO>', 'half-open: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z (the observation period unless said)')
    .option('--as-of <INSTANT>', 'as it could be told then, by what is known today')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .requiredOption('--size <N>', 'how many')
    .requiredOption('--seed <TEXT>', 'chosen by the auditor, after the digest of the population is known')
    .action(
      run<Options & { readonly size: string; readonly seed: string }>(async ({ output, within }, { size, seed, ...options }) => {
        const wanted = numberArgument(size, '--size', { min: 1, max: 1_000_000 });
        const query = { ...queryOf(options, output), size: wanted, seed };
        const { record, population, items, catalog, code, knownAt } = await within(async (workspace) => ({
          ...(await workspace.sample(query)),
          ...(await restsOn(workspace, query.then)),
        }));
        const file = `populations/${population.control}.${population.check}.txt`;
        const command = sampleCommand(file, seed, wanted);

        output.give({
          record,
          population: { ...stated(population), catalog, code, knownAt },
          seed,
          size: wanted,
          items: items.map(({ rank, key, label, from, to }) => ({ rank, key, label, from: instantOrNull(from), to: instantOrNull(to) })),
          again: command,
        });
        output.say(
          [
            ...about(population),
            `Seed: ${seed}. ${items.length < wanted ? `There are only ${several(items.length, 'item')}: all are drawn.` : `${several(items.length, 'item')} drawn.`} The draw is record ${record} of the log.`,
            '',
            columns(items.map(({ rank, key, label, from }) => [rank.slice(0, 16), key, label, spokenInstant(from)])),
            '',
            'To draw it again, from the file of keys that a bundle of this period holds (or that "tickmark population --out" writes):',
            command,
          ].join('\n'),
        );
        return 0;
      }),
    );
};
