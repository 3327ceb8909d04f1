import { loadDemo } from '../../app/demo.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';

export const addDemo: AddCommand = (program, run) => {
  program
    .command('demo')
    .description('lay the made-up company Acme into an empty workspace')
    .action(
      run(async ({ dir, output, within }) => {
        const { records } = await loadDemo({ dir, progress: (done, of) => output.progress(`telling of Acme: ${done} of ${of} runs`) });
        await within(async (workspace) => workspace.posture());

        output.give({ workspace: dir, records });
        output.say(`Acme is in ${dir}: fourteen months in ${several(records, 'record')}. Look at it with "tickmark status" or "tickmark serve".`);
        return 0;
      }),
    );
};
