import { type PopulationView, populationCsv, populationLines } from '../../app/period.ts';
import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { several, spokenInstant } from '../../core/spoken.ts';
import type { SourceAsked } from '../../engine/period-posture.ts';
import { instantArgument, periodArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { writeOut } from '../files.ts';
import { columnLines, instantOrNull, type Output } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT, thenOf } from '../then.ts';

export interface Options {
  readonly control: string;
  readonly check?: string;
  readonly period?: string;
  readonly asOf?: string;
  readonly asKnownAt?: string;
  readonly out?: string;
}

export const addPopulation: AddCommand = (program, run) => {
  program
    .command('population')
    .description('every item of a control in a period: one population for each of its checks, with the question it answers and its digest')
    .requiredOption('--control <ID>', 'the control')
    .option('--check <ID>', 'this check of it only')
    .option('--period <FROM..TO>', 'half-open: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z (the observation period unless said)')
    .option('--as-of <INSTANT>', 'as it could be told then, by what is known today')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .option('--out <FILE>', 'write the keys there, one a line, and labels with dates beside them in FILE.csv')
    .action(
      run<Options>(async ({ output, within }, options) => {
        await within(async (workspace) => {
          const views = await workspace.populations(queryOf(options, output));
          const { out } = options;
          const [view] = views;
          if (out !== undefined && (!view || views.length > 1))
            throw new ConfigurationError(
              `--out ${out}: ${options.control} has ${several(views.length, 'population')}, and a file holds one. Name a check with --check: ${views.map(({ check }) => check).join(', ')}.`,
            );
          if (out !== undefined && view) {
            await writeOut('--out', out, populationLines(view));
            await writeOut('--out', `${out}.csv`, populationCsv(view));
          }

          const { then } = queryOf(options, output);
          const { catalog, code, knownAt } = await restsOn(workspace, then);
          await output.giveLong(views.map((it) => ({ ...machine(it), catalog, code, knownAt, file: out ?? null })));
          await output.sayLong(() => lines(views, out));
        });
        return 0;
      }),
    );
};

/** What the options of a population ask for. */
export function queryOf({ control, check, period, asOf, asKnownAt }: Options, output: Output) {
  const then = thenOf(asKnownAt, output);
  return {
    control,
    ...(then ? { then } : {}),
    ...(check === undefined ? {} : { check }),
    ...(period === undefined ? {} : { period: periodArgument(period, '--period') }),
    ...(asOf === undefined ? {} : { asOf: instantArgument(asOf, '--as-of') }),
  };
}

function* lines(views: readonly PopulationView[], out: string | undefined): Iterable<string> {
  for (const [place, view] of views.entries()) {
    if (place > 0) yield '';
    yield* about(view);
    if (out === undefined) yield* rows(view);
    else yield `Written to ${out} and ${out}.csv.`;
  }
}

/** The frozen facts of a population: what was asked of whom, how many there are, and the digest of their keys. */
export const about = ({ control, check, selection, sources, count, digest, checkpoint }: PopulationView): readonly string[] => [
  `Population of ${control}, check ${check}: ${several(count, 'item')}, digest ${digest}`,
  selection,
  ...sources.map(asked),
  `From log ${checkpoint.origin}, size ${checkpoint.size}, root ${checkpoint.root}.`,
];

const asked = ({ source, partition, complete, incomplete, records }: SourceAsked): string =>
  `Asked ${source} (${partition}): ${several(complete, 'complete answer')}, ${incomplete} incomplete${records.length > 0 ? `; records ${records.map((index) => `#${index}`).join(', ')}` : ''}.`;

function* rows({ items }: PopulationView): Iterable<string> {
  yield '';
  yield* columnLines(() =>
    Iterator.from(items).map(({ key, label, from, to }) => [key, label, `${spokenInstant(from)}${Number.isFinite(to) ? ` to ${spokenInstant(to)}` : ''}`]),
  );
}

/** Everything but the members. */
export function stated({ control, check, version, kind, dataset, selection, sources, period, until, asOf, count, digest, checkpoint }: PopulationView) {
  const { origin, size, root } = checkpoint;
  return {
    control,
    check,
    version,
    kind,
    dataset,
    selection,
    sources,
    period: { from: iso(period.from), to: iso(period.to) },
    until: iso(until),
    asOf: iso(asOf),
    count,
    digest,
    checkpoint: { origin, size, root },
  };
}

const machine = (view: PopulationView) => ({
  ...stated(view),
  items: Iterator.from(view.items).map(({ key, label, from, to }) => ({ key, label, from: instantOrNull(from), to: instantOrNull(to) })),
});
