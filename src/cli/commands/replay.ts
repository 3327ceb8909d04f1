import { several, spokenInstant } from '../../core/spoken.ts';
import type { Replayed } from '../../app/views.ts';
import type { AddCommand } from '../command.ts';
import { columns, instantOrNull } from '../output.ts';

/** So many differences are listed for people; JSON holds them all. */
const LISTED = 50;

type Difference = Replayed['differences'] extends Iterable<infer One> ? One : never;

export const addReplay: AddCommand = (program, run) => {
  const gather = (value: string, before: readonly string[]) => [...before, value];
  program
    .command('replay')
    .description('examine and read again by the code of this program, and tell which verdicts that changes; the log is not touched')
    .option('--check <ID>', 'examine this check again; may be given several times', gather, [])
    .option('--collector <ID>', 'read the records of this collector again; may be given several times', gather, [])
    .action(
      run<{ check: readonly string[]; collector: readonly string[] }>(async ({ output, within }, { check, collector }) => {
        const asked = { checks: check, collectors: collector };
        return within(async (workspace) => {
          const replayed = await workspace.replay(asked, (done, of, what) =>
            output.progress(what === 'items' ? `examining again: ${done} of ${of} items` : `reading the records of collectors again: ${done} of ${of}`),
          );
          await output.giveLong({ replayed: replayed.map(machine) });
          output.say(() => replayed.map(people).join('\n\n'));
          return replayed.some(({ count }) => count > 0) ? 1 : 0;
        });
      }),
    );
};

const machine = ({ differences, ...replayed }: Replayed) => ({ ...replayed, differences: { [Symbol.iterator]: () => spoken(differences) } });

function* spoken(differences: Iterable<Difference>) {
  for (const { from, to, ...rest } of differences) yield { ...rest, from: instantOrNull(from), to: instantOrNull(to) };
}

function people({ rebuilt, checks, collectors, datasets, records, items, count, differences }: Replayed): string {
  if (rebuilt) return `Everything was made again from ${several(records, 'record')}: the engine has changed. What that changed cannot be told.`;
  const what = [several(checks.length, 'check'), several(collectors.length, 'collector'), several(datasets.length, 'dataset')].join(', ');
  const head = `Made again: ${what}; ${several(records, 'record')} read. ${several(items, 'item')} with another verdict.`;
  const lines = [...Iterator.from(differences).take(LISTED).map(line)];
  const more = count > LISTED ? [`and ${count - LISTED} more: --json lists them all`] : [];
  return [head, ...(lines.length > 0 ? [columns(lines)] : []), ...more].join('\n');
}

const line = ({ check, item, from, to, before, after }: Difference): readonly string[] => [
  check,
  decodeURIComponent(item),
  `${spokenInstant(from)} to ${spokenInstant(to)}`,
  `${said(before)} -> ${said(after)}`,
];

function said(verdict: Difference['before']): string {
  if (verdict === null) return 'not in the population';
  return verdict.because === null ? verdict.kind : `${verdict.kind}: ${verdict.because}`;
}
