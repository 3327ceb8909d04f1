import { duration } from '../../core/instant.ts';
import { IntegrityError } from '../../core/error.ts';
import { printable } from '../../core/printable.ts';
import { several } from '../../core/spoken.ts';
import type { Workspace } from '../../app/views.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { writeOut } from '../files.ts';
import { addLogPin } from './log-pin.ts';
import { addLogStatus } from './log-status.ts';
import { addMasterKey } from './log-master-key.ts';
import { addSelfTest } from './log-self-test.ts';
import type { Output } from '../output.ts';

export const addLog: AddCommand = (program, run) => {
  const log = program.command('log').description('the log itself');
  log
    .command('verify')
    .description('derive the whole log again from its entries, statements and payloads, and compare')
    .action(run(async ({ output, within }) => told(output, await within((workspace) => workspace.verify(progress(output))))));
  log
    .command('fsck')
    .description('the same, and note the result: the pages show it')
    .action(run(async ({ output, within }) => told(output, await within((workspace) => workspace.fsck(progress(output))))));
  log
    .command('scrub')
    .description('read the next part of the log and its payloads again from the disk, and name what is damaged')
    .option('--seconds <N>', 'for so long, going on where the last call left off', '60')
    .action(
      run<{ seconds: string }>(async ({ output, within }, { seconds }) => {
        const budget = numberArgument(seconds, '--seconds', { min: 1, max: 86_400 }) * 1000;
        const { running, last } = await within((workspace) => workspace.scrub(budget));

        output.give({ running, last });
        const pass = running ?? last;
        for (const { code, file, index, says } of pass?.problems ?? []) output.say(problemLine({ code, file, index, says }));
        if (pass && pass.problems.length > 0) throw damaged(pass.problems.length);
        output.say(
          running
            ? `Read again up to record ${running.position} of ${running.size}: no damage so far. Run it again to go on.`
            : `Read again: ${several(last?.size ?? 0, 'record')} and ${several(last?.payloads ?? 0, 'payload')}, ${last?.disposed ?? 0} of them disposed of. No damage.`,
        );
        return 0;
      }),
    );

  log
    .command('trusted-root')
    .description("the log's key, and the time-stamping authorities, as Sigstore's verifiers read them: trusted_root.json")
    .requiredOption('--out <FILE>', 'write it there')
    .action(
      run<{ out: string }>(async ({ output, within }, { out }) => {
        await within(async ({ standards }) => writeOut('--out', out, await standards.trustedRoot()));
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
  addMasterKey(log, run);
  log
    .command('rotate-key')
    .description('let a new key sign in place of the old one, with a record that says so')
    .option('--collector <ID>', 'the key of this collector, or of "workspace", instead of the key of the log')
    .option('--overlap <DURATION>', 'how long both keys of the log sign, so that those who know the old one have time to learn the new', '30d')
    .option('--at-once', 'no overlap: the old key of the log is not to be trusted any more')
    .action(
      run<{ collector?: string; overlap: string; atOnce?: boolean }>(async ({ output, within }, { collector, overlap, atOnce }) => {
        const its = collector === undefined ? 'log' : { statements: collector };
        const { record, retired } = await within(async (workspace) => {
          const rotated = await workspace.rotateKey(its, atOnce ? 0 : duration(overlap));
          return { record: rotated, retired: atOnce ? await workspace.retireKey() : null };
        });

        output.give({ record, retired });
        output.say(
          collector !== undefined
            ? `From record ${record} on a new key signs for ${collector}.`
            : retired !== null
              ? `Record ${record} introduces a new key of the log, and record ${retired} retires the old one.`
              : `Record ${record} introduces a new key of the log. Both sign for ${overlap}; then the old one is retired by the running server, or by "tickmark log retire-key".`,
        );
        return 0;
      }),
    );
  log
    .command('retire-key')
    .description('retire the old key of the log, once the time in which both sign has passed')
    .action(
      run(async ({ output, within }) => {
        const record = await within((workspace) => workspace.retireKey());

        output.give({ record });
        output.say(record === null ? 'No key of the log is due to be retired.' : `Record ${record} retires the old key of the log.`);
        return 0;
      }),
    );
};

const progress = (output: Output) => (done: number, of: number) => output.progress(`verifying ${done} of ${of}`);

function told(output: Output, { checkpoint, records, payloads, disposed, problems, remarks }: Awaited<ReturnType<Workspace['verify']>>): 0 {
  output.give({ checkpoint, records, payloads, disposed, problems, remarks });
  for (const remark of remarks) output.say(remark);
  for (const problem of problems) output.say(problemLine(problem));
  if (problems.length > 0) throw damaged(problems.length);
  const gone = disposed === 0 ? '' : `, ${disposed} of them DISPOSED by record,`;
  output.say(
    `Verified: ${several(records, 'record')} and ${several(payloads, 'payload')}${gone} under the root ${checkpoint.root} of ${printable(checkpoint.origin)}, size ${checkpoint.size}.`,
  );
  return 0;
}

const problemLine = ({
  code,
  file,
  index,
  says,
}: {
  readonly code: string;
  readonly file: string | null;
  readonly index: number | null;
  readonly says: string;
}): string => printable(`${code}  ${file ?? ''}${index === null ? '' : ` record ${index}`}: ${says}`);

const damaged = (problems: number): IntegrityError =>
  new IntegrityError('LOG', `${several(problems, 'problem')} in the log. Keep a copy of the state folder as it is, and compare it with a backup.`);
