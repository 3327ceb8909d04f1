import type { Draft, Run } from '../src/evidence/record.ts';

export const NOW = Date.parse('2026-03-01T02:00:00Z');

interface Made {
  readonly id?: string;
  readonly demo?: boolean;
  readonly retention?: string;
  /** What differs from a complete run of one source at {@link NOW}, on no schedule. */
  readonly body?: Partial<Run>;
  /** Bytes of the artifacts, by name. */
  readonly artifacts?: Readonly<Record<string, string | Uint8Array>>;
  readonly mediaType?: string;
}

/** A run to seal in tests of the archive. */
export function madeRun({ demo = true, body = {}, artifacts = {}, mediaType = 'application/json', ...rest }: Made): Draft {
  const at = body.slot ?? NOW;
  const name = body.name ?? 'acme';
  const request = { method: 'GET', url: `https://api.example.com/${name}`, body: null };
  const asked = { mediaType, request, status: 200, headers: {}, startedAt: at, finishedAt: at + 5 };
  return {
    ...rest,
    demo,
    body: {
      kind: 'run',
      collector: { id: 'github/organization', version: 1, sourceDigest: '00' },
      name,
      partition: 'acme',
      slot: at,
      every: null,
      outcome: 'success',
      reason: null,
      startedAt: at,
      finishedAt: at + 5,
      endpoint: null,
      config: '{"org":"acme"}',
      timezone: 'UTC',
      since: 0,
      after: null,
      mark: null,
      askedAs: 'acme-admin',
      answeredBy: '77',
      granted: null,
      clockSkew: 0,
      questions: [{ name: 'members', request, pages: 1, ended: true, received: 1, total: null }],
      ...body,
    },
    subjects: Object.entries(artifacts).map(([its, bytes]) => ({ ...asked, name: its, bytes: Buffer.from(bytes as Uint8Array) })),
  };
}
