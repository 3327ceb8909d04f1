/** The tables of the schemas `cache` and `keys`. Instants are milliseconds; "never" and "always" are the ends of what int8 can say safely. */
export interface Tables {
  'cache.position': { one: boolean; size: number; root: string; code: string; catalog: string };
  'cache.look': {
    dataset: string;
    source: string;
    partition: string;
    at: number;
    complete: boolean;
    reason: string | null;
    polled_from: number | null;
    polled_to: number | null;
    record: number;
  };
  'cache.fact': {
    dataset: string;
    item: string;
    stream: string;
    from_at: number;
    to_at: number;
    row: unknown;
    records: readonly number[];
    needs: readonly string[];
    lacks: readonly string[];
    first: number | null;
  };
  'cache.unit': { kind: string; id: string; version: number; digest: string };
  'cache.step': {
    check_id: string;
    item: string;
    from_at: number;
    to_at: number;
    kind: string;
    because: string | null;
    needs: readonly string[];
    lacks: readonly string[];
    settled: boolean;
    records: readonly number[];
  };
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
}
