import type { AuthTables } from './auth-tables.ts';

/** The tables of the schemas `cache` and `keys`. Instants are milliseconds; "never" and "always" are the ends of what int8 can say safely. */
export interface Tables extends AuthTables {
  'cache.position': { one: boolean; size: number; root: string; code: string; catalog: string };
  'cache.block': { kind: string; name: string; block: number; bytes: Buffer };
  'cache.unit': { kind: string; id: string; version: number; digest: string };
  'cache.record': { index: number; title: string; outcome: string; sealed_at: number; reason: string | null; unreadable: string | null; rows: unknown };
  'keys.turn': { origin: string };
  'keys.coordination': { origin: string; note: Buffer };
  'keys.secrets': { origin: string; path: string; bytes: Buffer };
  'keys.payload_keys': {
    origin: string;
    era: string;
    digest: Buffer;
    fingerprint: Buffer | null;
    wrapped: Buffer;
    pack: Buffer | null;
    offset: number;
    length: number;
  };
  'keys.said': { origin: string; path: string; bytes: Buffer };
  'keys.pins': { origin: string; path: string; version: string | null; digest: Buffer };
}
