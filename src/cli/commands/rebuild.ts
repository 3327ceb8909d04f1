import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';

export const addRebuild: AddCommand = (program, run) => {
  program
    .command('rebuild')
    .description('make the cache in the database again from the log; the posture is the same afterwards')
    .action(
      run(async ({ output, within }) => {
        const { records, checkpoint } = await within((workspace) => workspace.rebuild((done, of) => output.progress(`reading ${done} of ${of}`)));

        output.give({ records, checkpoint });
        output.say(`Rebuilt from ${several(records, 'record')}, up to the checkpoint of size ${checkpoint.size}, root ${checkpoint.root}.`);
        return 0;
      }),
    );
};
