import { ATTENTION, type WaiverLine } from '../../app/findings.ts';
import { iso } from '../../core/instant.ts';
import { instantArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';

export const addWaivers: AddCommand = (program, run) => {
  program
    .command('waivers')
    .description('accepted deviations of the register "waivers": which count, which do not, and why')
    .option('--as-of <INSTANT>', 'as they stood then')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .action(
      run<{ asOf?: string; asKnownAt?: string }>(async ({ output, within }, { asOf, asKnownAt }) => {
        const then = thenOf(asKnownAt, output);
        const { lines, rests } = await within(async (workspace) => ({
          lines: await workspace.waivers(asOf === undefined ? undefined : instantArgument(asOf, '--as-of'), then),
          rests: await restsOn(workspace, then),
        }));

        output.give({ ...rests, waivers: lines.map(machine) });
        output.say(lines.length === 0 ? 'No waiver stands in the registers that were read.' : columns(lines.map(people)));
        if (then) output.note(knownThen(then.record));
        return lines.some(({ state }) => ATTENTION.includes(state)) ? 1 : 0;
      }),
    );
};

const machine = (line: WaiverLine) => ({
  ...line,
  until: line.until === null ? null : iso(line.until),
  askedAt: line.askedAt === null ? null : iso(line.askedAt),
});

const people = ({ id, state, check, item, says, reason }: WaiverLine): readonly string[] => [
  state,
  id,
  check || '(no check)',
  item || '(no item)',
  `${says}${reason === '' ? '' : ` (${reason})`}`,
];
