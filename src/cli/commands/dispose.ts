import type { DisposalAsked, DisposalDone, DisposalPlan, Workspace } from '../../app/views.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { several } from '../../core/spoken.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import type { Output } from '../output.ts';

interface Options {
  readonly era?: string;
  readonly record?: readonly string[];
  readonly reason?: string;
  readonly approver?: string;
  readonly early?: boolean;
  readonly yes?: boolean;
  readonly resume?: boolean;
}

export const addDispose: AddCommand = (program, run) => {
  program
    .command('dispose')
    .description('dispose of evidence for good: the log says so first, then its keys are destroyed. Without --yes nothing is done, and the plan is shown')
    .option('--era <CLASS/QUARTER>', 'everything of a retention class and a quarter: evidence/2026-Q4')
    .option('--record <N...>', 'the payloads of single records')
    .option('--reason <TEXT>', 'why; kept in confidence, with the record')
    .option('--approver <EMAIL>', 'who approved it')
    .option('--early', 'before its retention ends: the record says so in the open')
    .option('--yes', 'do it')
    .option('--resume', 'go on with disposals that were interrupted, and destroy again what a backup has put back')
    .action(
      run<Options>(async ({ output, within }, options) => {
        if (options.resume) return finished(output, await within((workspace) => workspace.resumeDisposals(following(output))));
        const asked = askedBy(options);
        const { reason, approver, yes } = options;
        if (yes && (!reason || !approver))
          throw new ConfigurationError('dispose --yes needs --reason TEXT and --approver EMAIL: both are kept with the record of it.');
        const plan = await within((workspace: Workspace) => workspace.planDisposal(asked));
        if (!yes) return shown(output, plan);
        output.note(people(plan));
        return finished(
          output,
          await within((workspace) => workspace.dispose({ ...asked, reason: reason ?? '', approver: approver ?? '' }, following(output))),
        );
      }),
    );
};

function askedBy({ era, record, early = false }: Options): DisposalAsked {
  if ((era === undefined) === (record === undefined)) throw new ConfigurationError('dispose needs --era CLASS/QUARTER or --record N, one of them.');
  if (era !== undefined) {
    if (!/^[a-z0-9][a-z0-9-]*\/\d{4}-Q[1-4]$/.test(era))
      throw new ConfigurationError(`--era ${era}: write it like evidence/2026-Q4. "tickmark retention" lists them.`);
    return { era, early };
  }
  return { records: (record ?? []).map((it) => numberArgument(it.replace(/^#/, ''), '--record', { min: 0, max: Number.MAX_SAFE_INTEGER })), early };
}

const following = (output: Output) => (step: string, record: number) => output.progress(`record ${record}: ${step}`);

function shown(output: Output, plan: DisposalPlan): 0 | 1 {
  output.give({ ...plan, parts: plan.parts.map(({ due, ...part }) => ({ ...part, due: due === null ? null : iso(due) })) });
  output.say(people(plan));
  output.say(
    plan.refusals.length === 0 ? 'Nothing was done. To dispose of it for good, say the same again with --yes.' : 'Nothing was done, and it would be refused.',
  );
  return plan.refusals.length === 0 ? 0 : 1;
}

function people({ parts, also, refusals }: DisposalPlan): string {
  return [
    ...parts.map(
      ({ era, payloads, count, bytes, due, early }) =>
        `${era}: ${payloads === 'all' ? `all ${count}` : several(count, 'payload').replace(/^/, '')}${payloads === 'all' ? ' payloads' : ''}, ${bytes} bytes, kept until ${due === null ? 'its class is named in tickmark.yaml' : iso(due).slice(0, 10)}${early ? ': EARLY' : ''}`,
    ),
    ...(also.length === 0
      ? []
      : [
          `The same bytes are kept by ${several(also.length, 'other record')}, which ${also.length === 1 ? 'loses' : 'lose'} them: ${also.map((it) => `#${it}`).join(' ')}`,
        ]),
    ...refusals.map((it) => `Refused: ${it}.`),
  ].join('\n');
}

function finished(output: Output, { records, left }: DisposalDone): 0 | 1 {
  output.give({ records, left });
  output.say(
    left.length === 0
      ? `Disposed of: ${records.map((it) => `record ${it}`).join(', ') || 'nothing waits'}. "tickmark log verify" tells it from what is missing.`
      : left.join('\n'),
  );
  return left.length === 0 ? 0 : 1;
}
