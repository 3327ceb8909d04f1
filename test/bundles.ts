import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, RESULTS } from '../src/verify/format.ts';
import type { Archive } from '../src/evidence/archive.ts';
import { type BundleAsked, type Exported, writeBundle } from '../src/evidence/bundle.ts';
import { openArchive } from '../src/evidence/directory.ts';
import { CALLS } from '../src/evidence/files.ts';
import type { Draft } from '../src/evidence/record.ts';
import { createHash } from 'node:crypto';

export const FROM: number = Date.parse('2026-03-01T00:00:00Z');
export const HOUR = 3_600_000;

/** The run of an hour, of one of three sources; every tenth is not complete. */
export function runDraft(hour: number, bytes: Uint8Array = Buffer.from(JSON.stringify({ members: [`person-${hour % 5}`], hour }))): Draft {
  const at = FROM + hour * HOUR;
  const name = `org-${hour % 3}`;
  const request = { method: 'GET', url: 'https://api.example.com/members', body: null };
  const failed = hour % 10 === 9;
  return {
    demo: false,
    body: {
      kind: 'run',
      collector: { id: `github/${hour % 3 === 0 ? 'organization' : 'repositories'}`, version: 1, sourceDigest: '00' },
      name,
      partition: name,
      slot: at,
      every: 3 * HOUR,
      outcome: failed ? 'failure' : 'success',
      reason: failed ? `503 in hour ${hour}` : null,
      startedAt: at,
      finishedAt: at + 5,
      endpoint: null,
      config: '{}',
      timezone: 'UTC',
      since: 0,
      after: null,
      mark: null,
      askedAs: null,
      answeredBy: null,
      granted: null,
      clockSkew: 0,
      questions: [],
    },
    subjects: failed ? [] : [{ name: 'members', mediaType: 'application/json', request, status: 200, headers: {}, startedAt: at, finishedAt: at + 5, bytes }],
  };
}

const CONFIGURED: Draft = {
  demo: false,
  body: { kind: 'configuration', at: FROM },
  subjects: [
    {
      name: 'tickmark.yaml',
      mediaType: 'application/yaml',
      request: { method: 'READ', url: 'tickmark.yaml', body: null },
      status: 200,
      headers: {},
      startedAt: FROM,
      finishedAt: FROM,
      bytes: Buffer.from('company: Acme\n'),
    },
  ],
};

/** A log of one configuration and so many hourly runs, in batches. Nobody waits for the disk. */
export async function makeLog(dir: string, runs: number, batch = 500): Promise<Archive> {
  let at = FROM;
  const archive = await openArchive({ dir, clock: () => at, origin: 'acme.example/bundles', calls: { ...CALLS, fsync: async () => undefined } });
  await archive.append([CONFIGURED]);
  for (let from = 0; from < runs; from += batch) {
    at = FROM + Math.min(from + batch, runs) * HOUR;
    await archive.append(Array.from({ length: Math.min(batch, runs - from) }, (_, place) => runDraft(from + place)));
  }
  return archive;
}

export const CATALOG: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['catalog/controls/AC-01.md', Buffer.from('# AC-01\n')],
  ['catalog/criteria/cc6.yaml', Buffer.from('series: CC6\n')],
];

const catalogDigest = createHash('sha256').update('cc6.yaml\n12\nseries: CC6\n').update('AC-01.md\n8\n# AC-01\n').digest('hex');

export async function bundleOf(archive: Archive, file: string, asked: Partial<BundleAsked> = {}): Promise<Exported> {
  const { note } = await archive.proof(0);
  const parts: Uint8Array[] = [];
  const exported = await writeBundle(
    archive,
    {
      period: { from: FROM, to: FROM + 10_000_000 * HOUR },
      controls: null,
      collectors: null,
      cited: [],
      sealed: false,
      earlier: null,
      note,
      documents: [
        ...CATALOG,
        [RESULTS, encode({ catalog: catalogDigest, checks: [], findings: [] })],
        ['README-VERIFY.txt', Buffer.from('read me\n')],
        ['report.html', Buffer.from('<p>')],
      ],
      ...asked,
    },
    async (bytes) => void parts.push(Buffer.from(bytes)),
  );
  writeFileSync(file, Buffer.concat(parts));
  return exported;
}

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'bundles-'));
