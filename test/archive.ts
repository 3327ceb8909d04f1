import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../src/evidence/record.ts';
import { madeRun } from './run-draft.ts';

/** A run whose detail and artifact say what they are told to. */
export const runDraft = (
  text: string,
  { at, retention, name = 'acme', collector }: { readonly name?: string; readonly at: number; readonly retention?: string; readonly collector?: string },
): Draft =>
  madeRun({
    body: { name, slot: at, askedAs: `asked-${text}`, ...(collector === undefined ? {} : { collector: { id: collector, version: 1, sourceDigest: '00' } }) },
    artifacts: { members: text },
    mediaType: 'text/plain',
    ...(retention === undefined ? {} : { retention }),
  });

/** Files below a folder that hold these bytes anywhere. */
export function filesWith(dir: string, bytes: string | Uint8Array): readonly string[] {
  const sought = Buffer.from(bytes as Uint8Array);
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => {
    const file = join(dir, path);
    return statSync(file).isFile() && readFileSync(file).includes(sought);
  });
}
