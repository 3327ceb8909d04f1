import { type Document, reportPieces } from '../../app/render.ts';
import { ConfigurationError } from '../../core/error.ts';
import type { Command } from 'commander';
import { periodArgument, wordArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { LongText } from '../json.ts';
import { writeOut } from '../files.ts';
import type { Output } from '../output.ts';

interface Options {
  readonly month?: string;
  readonly period?: string;
  readonly control?: readonly string[];
  readonly format: string;
  readonly out?: string;
}

export const addReport: AddCommand = (program, run) => {
  const report = program.command('report').description('reports to hand over');
  const formatted = (command: Command): Command =>
    command.option('--format <FORMAT>', 'md, html or csv', 'md').option('--out <FILE>', 'write it there instead of to stdout');

  formatted(
    report
      .command('access-review')
      .description('every account of every system by person: access, last use, second factor, flags, and the records it rests on')
      .option('--month <YYYY-MM>', 'as it stood at the end of this month (the current one unless said)'),
  ).action(
    run<Options>(async ({ output, within }, { month, format, out }) => {
      if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new ConfigurationError(`--month ${month}: not a month. Write it like 2026-10.`);
      await within(async (workspace) => hand(output, await workspace.accessReview(month), format, out));
      return 0;
    }),
  );

  formatted(
    report
      .command('evidence')
      .description('each control over a period: what was examined, what deviates, what is not known, and the records it rests on')
      .requiredOption('--period <FROM..TO>', 'the period, half-open: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z')
      .option('--control <ID>', 'of this control only; may be given again', another),
  ).action(
    run<Options>(async ({ output, within }, { period, control, format, out }) => {
      const query = { period: periodArgument(period ?? '', '--period'), controls: control ?? null };
      await within(async (workspace) => hand(output, await workspace.evidenceReport(query), format, out));
      return 0;
    }),
  );
};

/** Gathers an option that is given more than once. */
export const another = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

/** Says a report, or writes it where it is wanted. */
export async function hand(output: Output, document: Document, format: string, out: string | undefined): Promise<void> {
  const as = wordArgument(format, '--format', ['md', 'html', 'csv']);
  if (out !== undefined) await writeOut('--out', out, reportPieces(document, as));
  if (output.json)
    await output.giveLong({ title: document.title, format: as, file: out ?? null, text: out === undefined ? new LongText(reportPieces(document, as)) : null });
  else if (out !== undefined) output.say(`Written to ${out}.`);
  else await output.sayLong(() => linesOf(reportPieces(document, as)));
}

function* linesOf(pieces: Iterable<string>): Iterable<string> {
  let begun = '';
  for (const piece of pieces) {
    const lines = `${begun}${piece}`.split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
  if (begun !== '') yield begun;
}
