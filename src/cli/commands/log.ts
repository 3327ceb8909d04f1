import { IntegrityError } from '../../core/error.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';
import { addSelfTest } from './log-self-test.ts';

export const addLog: AddCommand = (program, run) => {
  const log = program.command('log').description('the log itself');
  log
    .command('verify')
    .description('derive the whole log again from its entries, statements and payloads, and compare')
    .action(
      run(async ({ output, within }) => {
        const { checkpoint, records, payloads, problems } = await within((workspace) =>
          workspace.verify((done, of) => output.progress(`verifying ${done} of ${of}`)),
        );

        output.give({ checkpoint, records, payloads, problems });
        for (const { code, file, index, says } of problems) output.say(`${code}  ${file ?? ''}${index === null ? '' : ` record ${index}`}: ${says}`);
        if (problems.length > 0)
          throw new IntegrityError(
            'LOG',
            `${several(problems.length, 'problem')} in the log. Keep a copy of the state folder as it is, and compare it with a backup.`,
          );
        output.say(
          `Verified: ${several(records, 'record')} and ${several(payloads, 'payload')} under the root ${checkpoint.root} of ${checkpoint.origin}, size ${checkpoint.size}.`,
        );
        return 0;
      }),
    );
  addSelfTest(log, run);
};
