import { heldIn } from '../../app/read-record.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

interface Said {
  readonly reason?: string;
  readonly by?: string;
}

interface What extends Said {
  readonly era?: string;
  readonly source?: string;
  readonly record?: readonly string[];
}

export const addHold: AddCommand = (program, run) => {
  const hold = program.command('hold').description('legal holds: what may not be disposed of, whatever its retention');
  hold
    .command('list')
    .description('the holds that stand')
    .action(
      run(async ({ output, within }) => {
        const holds = await within((workspace) => workspace.holds());

        output.give(holds.map(({ record, at, what }) => ({ record, at: iso(at), what })));
        output.say(holds.length === 0 ? 'No hold stands.' : columns(holds.map(({ record, at, what }) => [`#${record}`, iso(at), heldIn(what)])));
        return 0;
      }),
    );
  hold
    .command('place')
    .description('keep an era, all that a source said, or single records')
    .option('--era <CLASS/QUARTER>', 'evidence/2026-Q4')
    .option('--source <COLLECTOR/NAME>', 'github/organization/main')
    .option('--record <N...>', 'single records')
    .option('--reason <TEXT>', 'why; kept in confidence, with the record')
    .option('--by <EMAIL>', 'who placed it')
    .action(
      run<What>(async ({ output, within }, options) => {
        const said = saidBy(options);
        const record = await within((workspace) => workspace.placeHold(heldBy(options), said));

        output.give({ record });
        output.say(`Record ${record} places the hold. It stands until "tickmark hold release ${record}".`);
        return 0;
      }),
    );
  hold
    .command('release')
    .description('end a hold')
    .argument('<RECORD>', 'the record that placed it')
    .option('--reason <TEXT>', 'why; kept in confidence, with the record')
    .option('--by <EMAIL>', 'who released it')
    .action(
      run<Said>(async ({ output, within }, options, placed) => {
        const index = numberArgument((placed ?? '').replace(/^#/, ''), 'RECORD', { min: 0, max: Number.MAX_SAFE_INTEGER });
        const said = saidBy(options);
        const record = await within((workspace) => workspace.releaseHold(index, said));

        output.give({ record });
        output.say(`Record ${record} releases the hold of record ${index}.`);
        return 0;
      }),
    );
};

function saidBy({ reason, by }: Said): { readonly reason: string; readonly by: string } {
  if (!reason || !by) throw new ConfigurationError('a hold needs --reason TEXT and --by EMAIL: both are kept with the record of it.');
  return { reason, by };
}

function heldBy({ era, source, record }: What) {
  if ([era, source, record].filter((it) => it !== undefined).length !== 1)
    throw new ConfigurationError('a hold keeps --era, --source or --record, one of them.');
  if (era !== undefined) return { era };
  if (source !== undefined) return { source };
  return { records: (record ?? []).map((it) => numberArgument(it.replace(/^#/, ''), '--record', { min: 0, max: Number.MAX_SAFE_INTEGER })) };
}
