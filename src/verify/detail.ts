import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';

/** What a record says in confidence: its first payload. */
interface Detail {
  readonly body: { readonly [key: string]: Json };
  readonly subjects: readonly { readonly sha256: string }[];
}

/** Objects, lists and members cost their reader many times the bytes that they are spelled with. */
export const MEMBERS = 2 ** 22;
const [OPENS, LISTS, COMMA, COLON] = Buffer.from('{[,:');

export function isCostly(bytes: Buffer): boolean {
  let count = 0;
  for (const byte of bytes) if (byte === OPENS || byte === LISTS || byte === COMMA || byte === COLON) count++;
  return count > MEMBERS;
}

export function parseDetail(bytes: Buffer): Detail {
  const text = bytes.toString('utf8');
  const detail = JSON.parse(text) as Json;
  if (canonical(detail) !== text) throw new IntegrityError('DETAIL', 'its detail is not spelled canonically: it could mean two things');
  const { body, subjects } = detail as unknown as Detail;
  if (typeof body !== 'object' || body === null || !Array.isArray(subjects)) throw new IntegrityError('DETAIL', 'its detail does not say what a detail must');
  return { body, subjects };
}

/** What a record says in the open, it says in confidence too. */
export function agree(head: { readonly [key: string]: Json }, body: { readonly [key: string]: Json }): void {
  for (const [key, value] of Object.entries(head))
    if (canonical(body[key] ?? null) !== canonical(value)) throw new IntegrityError('DETAIL', `its detail says another "${key}" than its statement`);
}
