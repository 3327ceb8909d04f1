import { IntegrityError } from '../../core/error.ts';
import { several } from '../../core/spoken.ts';
import type { AddCommand } from '../command.ts';
import { writeOut } from '../files.ts';
import { addLogPin } from './log-pin.ts';
import { addLogStatus } from './log-status.ts';
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

  log
    .command('trusted-root')
    .description("the log's key as Sigstore's verifiers read it: trusted_root.json")
    .requiredOption('--out <FILE>', 'write it there')
    .action(
      run<{ out: string }>(async ({ output, within }, { out }) => {
        await within(async ({ standards }) => writeOut('--out', out, standards.trustedRoot()));
        output.give({ file: out });
        output.say(`Written to ${out}.`);
        return 0;
      }),
    );

  log
    .command('policy')
    .description("the log's key, and whose cosignatures it needs, as C2SP's tlog-policy writes it")
    .requiredOption('--out <FILE>', 'write it there')
    .action(
      run<{ out: string }>(async ({ output, within }, { out }) => {
        await within(async ({ standards }) => writeOut('--out', out, standards.tlogPolicy()));
        output.give({ file: out });
        output.say(`Written to ${out}.`);
        return 0;
      }),
    );
  addLogStatus(log, run);
  addLogPin(log, run);
  addSelfTest(log, run);
};
