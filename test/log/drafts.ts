import type { Archive } from '../../src/evidence/archive.ts';
import type { Draft } from '../../src/evidence/record.ts';

export const ORIGIN = 'acme.example/faults';
export const NOW = Date.parse('2026-03-01T02:00:00Z');
const REQUEST = { method: 'GET', url: 'https://api.example.com/members', body: null };

/** A run that brought one artifact: the text. Runs of the same name are one line, numbered together. */
export function draft(text: string, name = 'main', collector = 'github/organization'): Draft {
  return {
    demo: true,
    body: {
      kind: 'run',
      collector: { id: collector, version: 1, sourceDigest: '00' },
      name,
      partition: 'acme',
      slot: NOW,
      every: null,
      outcome: 'success',
      reason: null,
      startedAt: NOW,
      finishedAt: NOW + 5,
      endpoint: null,
      config: '{"org":"acme"}',
      timezone: 'UTC',
      since: 0,
      after: null,
      mark: null,
      askedAs: null,
      answeredBy: null,
      granted: null,
      clockSkew: 0,
      questions: [{ name: 'members', request: REQUEST, pages: 1, ended: true, received: 1, total: null }],
    },
    subjects: [
      {
        name: 'members',
        mediaType: 'application/json',
        request: REQUEST,
        status: 200,
        headers: {},
        startedAt: NOW,
        finishedAt: NOW + 5,
        bytes: Buffer.from(text),
      },
    ],
  };
}

/** The texts of an archive, in its order; each payload is checked as it is read. */
export async function textsOf(archive: Archive): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { subjects } of archive.records(0)) {
    for (const subject of subjects) texts.push(Buffer.from(await archive.payload(subject)).toString());
  }
  return texts;
}
