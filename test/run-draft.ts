import type { Draft } from '../src/evidence/record.ts';

/** A run to seal in tests of the archive: one question, and what it was answered. */
export function runDraft(name: string, slot: number, every: number | null, text = '[]'): Draft {
  const request = { method: 'GET', url: 'https://api.example.com/members', body: null };
  return {
    demo: true,
    body: {
      kind: 'run',
      collector: { id: 'hr/csv', version: 1, sourceDigest: '00' },
      name,
      partition: 'x',
      slot,
      every,
      outcome: 'success',
      reason: null,
      startedAt: slot,
      finishedAt: slot + 5,
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
      questions: [{ name: 'members', request, pages: 1, ended: true, received: 1, total: null }],
    },
    subjects: [
      { name: 'members', mediaType: 'application/json', request, status: 200, headers: {}, startedAt: slot, finishedAt: slot + 5, bytes: Buffer.from(text) },
    ],
  };
}
