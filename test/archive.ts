import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../src/evidence/record.ts';

/** A run whose detail and artifact say what they are told to. */
export function runDraft(text: string, { name = 'acme', at, retention }: { readonly name?: string; readonly at: number; readonly retention?: string }): Draft {
  const request = { method: 'GET', url: `https://api.example.com/${name}`, body: null };
  return {
    demo: true,
    ...(retention === undefined ? {} : { retention }),
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
      askedAs: `asked-${text}`,
      answeredBy: '77',
      granted: null,
      clockSkew: 0,
      questions: [{ name: 'members', request, pages: 1, ended: true, received: 1, total: null }],
    },
    subjects: [{ name: 'members', mediaType: 'text/plain', request, status: 200, headers: {}, startedAt: at, finishedAt: at + 5, bytes: Buffer.from(text) }],
  };
}

/** Files below a folder that hold these bytes anywhere. */
export function filesWith(dir: string, bytes: string | Uint8Array): readonly string[] {
  const sought = Buffer.from(bytes as Uint8Array);
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const file = join(dir, path);
    return statSync(file).isFile() && readFileSync(file).includes(sought);
  });
}
