import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { spokenInstant, spokenWaiver } from '../../core/spoken.ts';
import type { Finding } from '../../engine/posture.ts';
import { instantArgument, periodArgument, wordArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { columnLines, instantOrNull } from '../output.ts';
import { restsOn } from '../rests.ts';
import { AS_KNOWN_AT, knownThen, thenOf } from '../then.ts';

interface Options {
  readonly check?: string;
  readonly verdict?: string;
  readonly asOf?: string;
  readonly period?: string;
  readonly asKnownAt?: string;
}

export const addDeviations: AddCommand = (program, run) => {
  program
    .command('deviations')
    .description('every item that deviates or is unknown, since when, why, and on which records that rests')
    .option('--check <ID>', 'of this check only')
    .option('--verdict <KIND>', 'deviates or unknown (both unless said)')
    .option('--as-of <INSTANT>', 'as it was then')
    .option('--period <FROM..TO>', 'at any time in this period')
    .option('--as-known-at <RECORD>', AS_KNOWN_AT)
    .action(
      run<Options>(async ({ output, within }, { check, verdict, asOf, period, asKnownAt }) => {
        const then = thenOf(asKnownAt, output);
        if (asOf !== undefined && period !== undefined) throw new ConfigurationError('--as-of and --period exclude each other: an instant or a period.');
        const query = {
          ...(check === undefined ? {} : { check }),
          ...(verdict === undefined ? {} : { verdict: wordArgument(verdict, '--verdict', ['deviates', 'unknown']) }),
          ...(asOf === undefined ? {} : { asOf: instantArgument(asOf, '--as-of') }),
          ...(period === undefined ? {} : { period: periodArgument(period, '--period') }),
          ...(then ? { then } : {}),
        };
        let exit: 0 | 1 = 0;
        await within(async (workspace) => {
          const findings = await workspace.eachFinding(query);
          const noted = (finding: Finding): Finding => {
            if (finding.verdict === 'deviates' && finding.waiver === null) exit = 1;
            return finding;
          };
          if (output.json)
            return output.giveLong({ ...(await restsOn(workspace, then)), deviations: Iterator.from(findings).map((finding) => machine(noted(finding))) });
          if (output.quiet) return void Iterator.from(findings).forEach(noted);
          const rows = () => Iterator.from(findings).map((finding) => people(noted(finding)));
          await output.sayLong(() => orNone(columnLines(rows)));
        });
        if (then) output.note(knownThen(then.record));
        return exit;
      }),
    );
};

function* orNone(lines: Iterable<string>): Iterable<string> {
  let none = true;
  for (const line of lines) {
    none = false;
    yield line;
  }
  if (none) yield 'No deviations and no unknowns noted in the evidence examined.';
}

const machine = ({ check, control, item, verdict, because, from, to, records, waiver }: Finding) => ({
  check,
  control,
  verdict,
  item: { dataset: item.dataset, source: item.source, partition: item.partition, key: item.key, label: item.label },
  because,
  from: from === -Infinity ? null : iso(from),
  to: instantOrNull(to),
  records,
  waiver: waiver && { ...waiver, until: iso(waiver.until) },
});

const people = ({ check, verdict, item, because, from, to, records, waiver }: Finding): readonly string[] => [
  verdict,
  check,
  item.label,
  `${spokenInstant(from)} to ${spokenInstant(to)}`,
  `${because}${waiver ? `; ${spokenWaiver(waiver)} (${waiver.id}: ${waiver.because})` : ''} [${records.map((index) => `#${index}`).join(' ')}]`,
];
