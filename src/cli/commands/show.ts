import { ConfigurationError } from '../../core/error.ts';
import { iso } from '../../core/instant.ts';
import { printable } from '../../core/printable.ts';
import { aboutLog } from '../../app/read-record.ts';
import type { RecordView } from '../../app/views.ts';
import { numberArgument } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { writeOut } from '../files.ts';
import { columns } from '../output.ts';

interface Options {
  readonly artifact?: string;
  readonly bundle?: string;
  readonly proof?: string;
  readonly stamp?: boolean;
}

export const addShow: AddCommand = (program, run) => {
  program
    .command('show')
    .description('one record: what was asked and answered, and the proof that it is in the log')
    .argument('<RECORD>', 'index of the record, as in #123')
    .option('--artifact <NAME>', 'write the bytes of this artifact to stdout, as they were said')
    .option('--bundle <FILE>', 'write the record and its proof as a Sigstore bundle')
    .option('--stamp', 'have the time-stamping authorities confirm its signature first, for the bundle')
    .option('--proof <FILE>', 'write the proof alone, as C2SP writes it (.tlog-proof)')
    .action(
      run<Options>(async ({ output, within }, { artifact, bundle, proof, stamp = false }, record) => {
        const index = numberArgument((record ?? '').replace(/^#/, ''), 'RECORD', { min: 0, max: Number.MAX_SAFE_INTEGER });
        if (stamp && bundle === undefined) throw new ConfigurationError('--stamp is for the bundle: name its file with --bundle.');
        if (artifact !== undefined) {
          const { bytes } = await within((workspace) => workspace.artifact(index, artifact));
          output.bytes(bytes);
          return 0;
        }
        if (bundle !== undefined || proof !== undefined) {
          const timestamps = await within(async ({ standards, stamp: confirm }) => {
            if (stamp) await confirm(index);
            if (bundle !== undefined) await writeOut('--bundle', bundle, await standards.sigstoreBundle(index));
            if (proof !== undefined) await writeOut('--proof', proof, await standards.tlogProof(index));
            return bundle === undefined ? null : (await standards.timestamps(index)).length;
          });
          output.give({ index, bundle: bundle ?? null, proof: proof ?? null, timestamps });
          output.say(`Written to ${[bundle, proof].filter((file) => file !== undefined).join(' and ')}.`);
          return 0;
        }
        const view = await within((workspace) => workspace.record(index));

        output.give({
          index: view.record.index,
          digest: view.record.digest,
          sealedAt: iso(view.record.sealedAt),
          demo: view.record.demo,
          disposed: view.record.disposed && { by: view.record.disposed.by, at: iso(view.record.disposed.at) },
          body: view.record.body,
          artifacts: view.record.subjects,
          rows: view.rows,
          unreadable: view.unreadable,
          afterCheckpoint: view.record.afterCheckpoint,
          inclusion: { included: view.included, leafHash: view.proof.leafHash, hashes: view.proof.hashes, checkpoint: view.proof.note },
        });
        output.say(people(view));
        return 0;
      }),
    );
};

/** What a record says of the log itself. */
function aboutLines(body: Exclude<RecordView['record']['body'], { readonly kind: 'run' | 'configuration' }>): string[][] {
  const { title, reason } = aboutLog(body);
  const by = body.kind === 'disposal' ? body.approver : body.kind === 'hold' || body.kind === 'attestation' ? body.by : null;
  return [
    ['About', title],
    ...(reason === null ? [] : [['Why', reason]]),
    ...(by === null ? [] : [['By', by]]),
    ...(body.kind === 'disposal' && body.receipt !== null ? [['Receipt', body.receipt]] : []),
  ];
}

function people({ record, proof, included, rows, unreadable }: RecordView): string {
  const { body } = record;
  const about =
    body.kind === 'run'
      ? [
          ['Run', `${record.seq} of ${body.collector.id} ${body.name} on ${body.partition}, collector version ${body.collector.version}`],
          ['Outcome', body.outcome === 'success' ? 'complete' : `incomplete: ${body.reason ?? ''}`],
          ['Asked', `${iso(body.startedAt)} to ${iso(body.finishedAt)}${body.endpoint === null ? '' : `, of ${body.endpoint} in place of the vendor`}`],
        ]
      : body.kind === 'configuration'
        ? [['Configuration', iso(body.at)]]
        : aboutLines(body);
  const gone = record.disposed;
  return [
    columns([
      ['Record', `${record.index}${record.demo ? ' (demo)' : ''}`],
      ...(gone ? [['DISPOSED', `of its evidence in record ${gone.by}, on ${iso(gone.at)}: only what it says in the open is left`]] : []),
      ['Digest', record.digest],
      ['Sealed', iso(record.sealedAt)],
      ...about,
      ...(body.kind === 'run' || body.kind === 'configuration'
        ? [
            [
              'Rows',
              rows === null
                ? `unreadable: ${unreadable ?? ''}`
                : Object.entries(rows)
                    .map(([dataset, count]) => `${count} ${dataset}`)
                    .join(', '),
            ],
          ]
        : []),
      [
        'Inclusion',
        `${included ? 'proven' : 'NOT PROVEN'}: ${proof.hashes.length} hashes from leaf ${proof.leafHash} to the root of ${proof.checkpoint.origin} at size ${proof.checkpoint.size}`,
      ],
    ]),
    '',
    'Artifacts',
    columns(
      record.subjects.map(({ name, request, status, size, sha256 }) => [
        `  ${name}`,
        String(status),
        `${size} B`,
        sha256.slice(0, 16),
        `${request.method} ${request.url}`,
      ]),
    ),
    '',
    proof.note.trimEnd().split('\n').map(printable).join('\n'),
  ].join('\n');
}
