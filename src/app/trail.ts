import { stringify } from 'csv-stringify/sync';
import type { Json } from '../core/canonical.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Body, SealedRecord } from '../evidence/record.ts';
import { aboutLog, heldIn } from './read-record.ts';
import type { RecordLine } from './views.ts';

/** Records of what people, tokens and Tickmark did: all but the runs of collectors. */
export const DONE = ['act', 'attestation', 'hold', 'disposal', 'key', 'draw', 'configuration'] as const satisfies readonly RecordLine['outcome'][];
export type Done = (typeof DONE)[number];

/** One line of the audit trail: who did what, to what, when, from where, and the record that says so. */
export interface TrailLine {
  readonly record: number;
  readonly sealedAt: Instant;
  readonly kind: Done;
  /** `sign-in`, `role-change`; of other records what they are: `statement`, `hold placed`. */
  readonly act: string;
  /** `null` where the record does not say, or said it in confidence and was disposed of. */
  readonly by: string | null;
  readonly target: string | null;
  /** The network that it was done from, where the act says so. */
  readonly from: string | null;
  /** What else it says: before and after. */
  readonly says: Readonly<Record<string, Json>> | null;
  /** All of it in one line. */
  readonly title: string;
}

/** @throws {RangeError} of a run, which nobody does */
export function trailLine({ index, sealedAt, body }: Pick<SealedRecord, 'index' | 'sealedAt' | 'body'>): TrailLine {
  const said = saidBy(body);
  return { record: index, sealedAt, from: null, says: null, target: null, ...said };
}

type Said = Pick<TrailLine, 'kind' | 'act' | 'by' | 'title'> & Partial<Pick<TrailLine, 'target' | 'from' | 'says'>>;

function saidBy(body: Body): Said {
  switch (body.kind) {
    case 'act': {
      const { address = null, ...says } = body.says ?? {};
      const from = typeof address === 'string' ? address : null;
      return { ...named(body), act: body.act, by: body.by, target: body.target, from, says: Object.keys(says).length > 0 ? says : null };
    }
    case 'attestation':
      return { ...named(body), act: `statement: ${body.act}`, by: body.by, target: `${body.register}/${body.entryId ?? ''}` };
    case 'hold':
      return { ...named(body), act: `hold ${body.step}`, by: body.by, target: heldIn(body.what), says: body.reason === null ? null : { reason: body.reason } };
    case 'disposal':
      return {
        ...named(body),
        act: `disposal ${body.step}`,
        by: body.approver,
        target: body.era,
        says: body.reason === null ? null : { reason: body.reason, early: body.early },
      };
    case 'key':
      return { ...named(body), act: `key ${body.step}`, by: null, target: body.who };
    case 'draw':
      return { ...named(body), act: 'sample drawn', by: null, target: `${body.control}/${body.check}`, says: { size: body.size, of: body.count } };
    case 'configuration':
      return { kind: 'configuration', act: 'configuration sealed', by: null, title: 'the configuration, as it stood' };
    case 'run':
      throw new RangeError('a run is nobody’s act');
  }
}

const named = <Its extends Exclude<Body, { readonly kind: 'run' | 'configuration' }>>(body: Its) => ({ kind: body.kind, title: aboutLog(body).title });

/** RFC 4180. A cell never starts a formula. */
export const trailCsv = (lines: readonly TrailLine[], head: boolean): string =>
  stringify(
    [
      ...(head ? [['record', 'sealed', 'by', 'act', 'target', 'from', 'says']] : []),
      ...lines.map(({ record, sealedAt, by, act, target, from, says }) => [
        String(record),
        iso(sealedAt),
        by ?? '',
        act,
        target ?? '',
        from ?? '',
        says === null ? '' : JSON.stringify(says),
      ]),
    ],
    { escape_formulas: true, record_delimiter: 'windows' },
  );
