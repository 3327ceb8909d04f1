import type { Instant } from '../core/instant.ts';
import type { WireAnswer } from '../sources/wire.ts';

/** JSON as a directory answers it. */
export const jsonAnswer = (status: number, body: unknown, at: Instant, type = 'application/json; charset=UTF-8'): WireAnswer => ({
  status,
  headers: { date: new Date(at).toUTCString(), 'content-type': type },
  body: new TextEncoder().encode(JSON.stringify(body)),
});
