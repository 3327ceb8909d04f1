import { join } from 'node:path';
import { loadDemo } from '../../app/demo.ts';
import { STATE } from '../../app/schedule.ts';
import { tamperDemo } from '../../app/tamper.ts';
import { IntegrityError } from '../../core/error.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';
import { columns } from '../output.ts';

export const addDemo: AddCommand = (program, run) => {
  const demo = program
    .command('demo')
    .description('lay the made-up company Acme into an empty workspace')
    .action(
      run(async ({ dir, output, within }) => {
        const { records } = await loadDemo({ dir, progress: (done, of) => output.progress(`telling of Acme: ${done} of ${of} runs`) });
        await within(async (workspace) => workspace.posture());

        output.give({ workspace: dir, records });
        output.say(`Acme is in ${dir}: eight months in ${several(records, 'record')}. Look at it with "tickmark status" or "tickmark serve".`);
        return 0;
      }),
    );

  demo
    .command('tamper')
    .description('flip one byte in a copy of the log, in each kind of file, and show what every verifier on this machine says')
    .action(
      run(async ({ dir, output }) => {
        const results = await tamperDemo(join(dir, STATE), (what) => output.progress(`asking about ${what}`));
        const missed = results.filter(({ verifiers }) => verifiers.some(({ verdict }) => verdict === 'accepted'));

        output.give(results);
        for (const { what, file, at, verifiers } of results) {
          output.say(`One bit flipped in ${what} (${file}, byte ${at}):`);
          output.say(`${columns(verifiers.map(({ verifier, verdict, says }) => [`  ${verifier}`, verdict, says]))}\n`);
        }
        if (missed.length > 0) throw new IntegrityError('UNSEEN', `${several(missed.length, 'change')} went unseen.`);
        output.say('Nothing went unseen. The log itself was not touched.');
        return 0;
      }),
    );
};
