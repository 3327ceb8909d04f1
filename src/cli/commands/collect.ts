import { spokenTurn } from '../../app/turn.ts';
import type { RunResult } from '../../app/views.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';
import { warn } from './log-status.ts';

export const addCollect: AddCommand = (program, run) => {
  program
    .command('collect')
    .description('ask every source, and seal what each answered')
    .option('--only <COLLECTOR/NAME>', 'only the sources of this collector, or this one source: github/organization/acme')
    .action(
      run<{ only?: string }>(async ({ output, within }, { only }) => {
        const { runs, complaints } = await within(async (workspace) => {
          const collected = await workspace.collect(only, {
            progress: (result) => output.say(line(result)),
            waits: (what, who) => output.note(`${spokenTurn(what, who)}. It is asked when that has ended ...`),
          });
          await workspace.attend({ patient: false });
          return { runs: collected, complaints: (await workspace.logStatus()).attended.complaints };
        });

        const incomplete = runs.filter(({ complete }) => !complete).length;
        output.give({
          runs: runs.map(({ collector, name, partition, complete, rows, record, reason }) => ({ collector, name, partition, complete, rows, record, reason })),
        });
        output.say(`${several(runs.length, 'run')}, ${incomplete === 0 ? 'all complete' : `${incomplete} incomplete: what rests on them is unknown`}.`);
        warn(complaints, output);
        return incomplete === 0 ? 0 : 1;
      }),
    );
};

function line({ collector, name, partition, complete, rows, record, reason }: RunResult): string {
  const what = `${collector} ${name}${partition === name ? '' : ` (${partition})`}`;
  if (!complete) return `#${record}  incomplete  ${what}: ${reason ?? ''}`;
  return `#${record}  complete    ${what}: ${Object.entries(rows)
    .map(([dataset, count]) => `${count} ${dataset}`)
    .join(', ')}`;
}
