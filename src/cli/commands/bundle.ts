import { readFileSync } from 'node:fs';
import { bundleReport } from '../../app/bundle.ts';
import { ConfigurationError, IntegrityError } from '../../core/error.ts';
import { several } from '../../core/spoken.ts';
import { verifyBundle } from '../../verify/bundle.ts';
import { openBundle } from '../../verify/bundle-files.ts';
import { verdictText } from '../../verify/words.ts';
import { periodArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { another, hand } from './report.ts';

interface ExportOptions {
  readonly period: string;
  readonly control?: readonly string[];
  readonly out: string;
  readonly sealed?: boolean;
  readonly sinceCheckpoint?: string;
}

interface VerifyOptions {
  readonly key?: string;
  readonly checkpoint?: string;
  readonly tsaCa?: string;
  readonly witness?: readonly string[];
}

export const addBundle: AddCommand = (program, run) => {
  const bundle = program.command('bundle').description('the evidence of a period in one file that a stranger can verify');

  bundle
    .command('export')
    .description('write the records of a period with their proofs, payloads and keys, the whole log without payloads, and the results')
    .requiredOption('--period <FROM..TO>', 'runs of this period, half-open: 2026-01-01T00:00:00Z..2026-04-01T00:00:00Z')
    .option('--control <ID>', 'of the sources that this control rests on; may be given again (all unless said)', another)
    .option('--sealed', 'leave the keys of the payloads out: what they are is proved, and what they say is not shown')
    .option('--since-checkpoint <FILE>', 'the checkpoint of an earlier bundle, which this one shall continue')
    .requiredOption('--out <FILE>', 'write it there')
    .action(
      run<ExportOptions>(async ({ output, within }, { period, control, sealed = false, sinceCheckpoint, out }) => {
        const earlier = sinceCheckpoint === undefined ? null : bytesOf('--since-checkpoint', sinceCheckpoint);
        const options = { period: periodArgument(period, '--period'), controls: control ?? null, sealed, earlier };
        const { size, records, payloads, disposed, lost } = await within((workspace) => workspace.exportBundle(options, out));

        output.give({ file: out, size, records, payloads, disposed, lost });
        for (const it of lost) output.say(`LOST  ${it}`);
        output.say(
          `Written to ${out}: ${several(records, 'record')} and ${several(payloads, 'payload')} of a log of ${size}; ${several(disposed, 'payload')} disposed of.`,
        );
        return lost.length > 0 ? 1 : 0;
      }),
    );

  bundle
    .command('verify')
    .description('say of every item of a bundle whether it is what was sealed: needs no workspace, no network and no database')
    .argument('<FILE>', 'the bundle')
    .option('--key <VKEY>', 'the key of the log, as you know it from elsewhere')
    .option('--checkpoint <FILE>', 'a checkpoint you have kept: the log of the bundle must continue it')
    .option('--tsa-ca <FILE>', 'the certificates that timestamps must lead to')
    .option('--witness <KEY>', 'the key of a witness, as you know it: what it signed is verified; may be given again', another)
    .action(
      run<VerifyOptions>(async ({ output }, { key, checkpoint, tsaCa, witness = [] }, file) => {
        const files = openBundle(file ?? '');
        const pin = checkpoint === undefined ? null : bytesOf('--checkpoint', checkpoint);
        const progress = (done: number, of: number) => output.progress(`verifying ${done} of ${of}`);
        const verdict = await verifyBundle({ files, key: key ?? null, pin, authorities: tsaCa ?? null, witnesses: witness, progress });
        files.close();

        output.give(verdict);
        output.say(verdictText(verdict));
        const bad = verdict.totals.MISSING + verdict.totals.ALTERED;
        if (!verdict.sound) throw new IntegrityError('BUNDLE', `${several(bad, 'item')} of the bundle ${bad === 1 ? 'is' : 'are'} missing or altered.`);
        return 0;
      }),
    );

  bundle
    .command('report')
    .description('the report of the period, rendered from what the bundle holds')
    .argument('<FILE>', 'the bundle')
    .option('--format <FORMAT>', 'md, html or csv', 'md')
    .option('--out <FILE>', 'write it there instead of to stdout')
    .action(
      run<{ format: string; out?: string }>(async ({ output }, { format, out }, file) => {
        await bundleReport(file ?? '', (report) => hand(output, report, format, out));
        return 0;
      }),
    );
};

function bytesOf(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigurationError(`${flag} ${file}: ${(cause as Error).message}`, cause);
  }
}
