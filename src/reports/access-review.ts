import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { several } from '../core/spoken.ts';
import type { Ternary } from '../core/ternary.ts';
import type { Block, Cell, Document, Stamp } from './report.ts';
import { day, span } from './words.ts';

export type Flag = 'orphan' | 'leaver' | 'dormant' | 'admin' | 'external' | 'shared' | 'no second factor' | 'new since last month' | 'changed since last month';

/** One account with all that its reviewer must see. */
export interface AccessLine {
  readonly system: string;
  readonly login: string;
  readonly kind: string;
  readonly state: string;
  /** Name of the person it belongs to, or of who answers for it; `null`: nobody is known. */
  readonly person: string | null;
  readonly department: string | null;
  /** By which rule the person was found: `email`, `hr-id`, `declared`, ... */
  readonly rule: string;
  readonly access: readonly string[];
  /** `null`: never used; `undefined`: the system does not tell. */
  readonly lastUsedAt: Instant | null | undefined;
  readonly mfa: Ternary;
  readonly flags: readonly Flag[];
  readonly records: readonly number[];
}

/** What each system was asked for the review, and whether the answer was whole. */
export interface Extract {
  readonly system: string;
  readonly source: string;
  readonly accounts: number;
  /** When the newest complete answer was given; `null`: never in the month. */
  readonly completeAt: Instant | null;
  /** Why the list cannot be relied on; `null`: it can. */
  readonly gap: string | null;
  readonly records: readonly number[];
}

export interface AccessReview {
  readonly month: Period;
  readonly stamp: Stamp;
  readonly lines: readonly AccessLine[];
  readonly extracts: readonly Extract[];
  /** Accounts there were at the end of the month before and are not any more. */
  readonly gone: readonly {
    readonly system: string;
    readonly login: string;
    readonly person: string | null;
    readonly at: Instant;
    readonly records: readonly number[];
  }[];
  /** Accounts in systems that are not declared in scope; they are listed so that nothing is left out unsaid. */
  readonly outOfScope: number;
}

const FLAGS: readonly (readonly [Flag, string])[] = [
  ['orphan', 'belong to nobody that HR knows and have no declared owner'],
  ['leaver', 'belong to, or are answered for by, a person who has left'],
  ['shared', 'are declared to be shared'],
  ['admin', 'hold administrative rights'],
  ['no second factor', 'have no second factor enrolled'],
  ['dormant', 'were not used for 90 days'],
  ['external', 'belong to people outside the company'],
  ['new since last month', 'were not there at the end of the month before'],
  ['changed since last month', 'hold other rights, or have another state, than at the end of the month before'],
];

/** Every account of every system in scope, as it stood at the end of the month (or now, in the current month). */
export function accessReview({ month, stamp, lines, extracts, gone, outOfScope }: AccessReview): Document {
  return { title: 'Access review', stamp, blocks: [...blocks()] };

  function* blocks(): Iterable<Block> {
    const gaps = extracts.filter(({ gap }) => gap !== null);
    const systems = [...new Set(lines.map(({ system }) => system))].sort();
    yield { kind: 'text', text: `${several(lines.length, 'account')} in ${several(systems.length, 'system')}, for the month ${span(month, stamp.timezone)}.` };
    for (const { system, source, gap } of gaps)
      yield { kind: 'notice', text: `The list of ${system} is not complete: ${source}. ${gap} What it does not show cannot be reviewed.` };
    if (outOfScope > 0)
      yield { kind: 'notice', text: `${several(outOfScope, 'account')} in systems that the configuration does not declare in scope: not listed below.` };

    yield { kind: 'heading', text: 'What to look at first' };
    const flagged = FLAGS.map(([flag, meaning]) => [flag, meaning, lines.filter(({ flags }) => flags.includes(flag)).length] as const);
    yield {
      kind: 'table',
      caption: 'Flags',
      columns: ['Flag', 'Accounts', 'They'],
      rows: flagged.map(([flag, meaning, count]) => [flag, String(count), meaning]),
    };

    for (const system of systems) {
      const its = lines.filter((line) => line.system === system);
      yield { kind: 'heading', text: `${system}: ${several(its.length, 'account')}` };
      yield {
        kind: 'table',
        caption: `Accounts in ${system}`,
        columns: ['Person', 'Account', 'State', 'Access', 'Last used', 'Second factor', 'Flags', 'Records'],
        rows: its.map((line) => row(line)),
      };
    }

    yield { kind: 'heading', text: `Gone since the month before: ${several(gone.length, 'account')}` };
    if (gone.length > 0) {
      yield {
        kind: 'table',
        caption: 'Accounts that are no longer there',
        columns: ['System', 'Account', 'Person', 'First seen gone', 'Records'],
        rows: gone.map(({ system, login, person, at, records }) => [system, login, person ?? 'nobody known', day(at), { records }]),
      };
    }

    yield { kind: 'heading', text: 'What it rests on' };
    yield {
      kind: 'table',
      caption: 'Completeness of each extract',
      columns: ['System', 'Source', 'Accounts', 'Complete at', 'Evidence missing', 'Records'],
      rows: extracts.map(({ system, source, accounts, completeAt, gap, records }) => [
        system,
        source,
        String(accounts),
        completeAt === null ? 'never in the month' : day(completeAt),
        gap ?? 'none',
        { records },
      ]),
    };
    yield {
      kind: 'text',
      text: 'Accounts are resolved to people by declaration, then by the number that HR gives, then by e-mail and its aliases, never by display name.',
    };
  }
}

function row(line: AccessLine): readonly Cell[] {
  return [
    line.person === null ? 'nobody known' : `${line.person}${line.department ? `, ${line.department}` : ''} (by ${line.rule})`,
    line.kind === 'human' ? line.login : `${line.login} (${line.kind})`,
    line.state,
    line.access.join(', ') || 'none recorded',
    line.lastUsedAt === undefined ? 'not told' : line.lastUsedAt === null ? 'never' : day(line.lastUsedAt),
    { yes: 'enrolled', no: 'not enrolled', unknown: 'not told' }[line.mfa],
    line.flags.join(', '),
    { records: line.records },
  ];
}
