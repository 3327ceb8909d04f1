import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { iso } from '../../../src/core/instant.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { address, type Answer } from '../api/ask.ts';
import type { Column } from '../parts/Rows.tsx';
import { LongTable } from '../parts/Table.tsx';
import { spoken, type Time, useTime } from '../time.ts';
import { SettingsPage } from './Overview.tsx';

type List = Answer<'trail', 'list'>;
type Line = List['lines'][number];

const KINDS: readonly (readonly [Line['kind'], string])[] = [
  ['act', 'acts in Tickmark'],
  ['attestation', 'statements'],
  ['configuration', 'configurations'],
  ['hold', 'holds'],
  ['disposal', 'disposals'],
  ['key', 'keys'],
  ['draw', 'samples'],
];

/** Who did what here, when, from where, and the record that says so. */
export function TrailPage() {
  const newest = useAnswer<List>('/trail', { limit: 1 });
  return (
    <SettingsPage>
      <Answered answer={newest}>{({ lines: [line] }) => <Page newest={line} />}</Answered>
    </SettingsPage>
  );
}

function Page({ newest }: { readonly newest: Line | undefined }) {
  const time = useTime();
  const [kind, setKind] = useState<Line['kind'] | undefined>();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const query = { kind, text: wanted === '' ? undefined : wanted, period: time.period };
  return (
    <>
      <h1>
        {newest
          ? `The last act here was ${newest.act}, by ${newest.by ?? 'Tickmark itself'}, ${spoken(newest.sealedAt)}.`
          : 'Nobody has done anything here yet.'}
      </h1>
      <p className="sub">
        Each line is a record, sealed before what it tells of took effect: it can be verified like any evidence. What sources answered is in the{' '}
        <Link className="link" to="/log" search={time}>
          log
        </Link>
        .
      </p>
      <div className="chips">
        <input
          className="field"
          value={text}
          maxLength={200}
          onChange={({ target }) => setText(target.value)}
          placeholder="Filter: who, what, to what"
          aria-label="Filter the audit trail"
        />
        {KINDS.map(([of, says]) => (
          <button key={of} type="button" className="chip" aria-pressed={kind === of} onClick={() => setKind(kind === of ? undefined : of)}>
            {says}
          </button>
        ))}
        <a className="link more" href={address('/trail.csv', query)} download>
          Download as CSV
        </a>
      </div>
      <section className="panel">
        <LongTable<List, Line>
          path="/trail"
          query={query}
          label="Audit trail"
          rowsOf={({ lines }) => lines}
          columns={columnsOf(time)}
          empty={wanted === '' && kind === undefined ? 'Nobody has done anything here yet.' : 'No act is like that. Clear the filter to see all.'}
        />
      </section>
    </>
  );
}

const columnsOf = (time: Time): readonly Column<Line>[] => [
  { name: 'Sealed', width: '176px', cell: ({ sealedAt }) => spoken(sealedAt) },
  { name: 'Who', width: '2fr', cell: ({ by }) => (by === null ? <span className="faint">not said</span> : <bdi title={by}>{by}</bdi>) },
  { name: 'What', width: '2fr', cell: ({ act, title }) => <bdi title={title}>{act}</bdi> },
  { name: 'To what', width: '2fr', cell: ({ target }) => target !== null && <Target of={target} time={time} /> },
  { name: 'From', width: '110px', cell: ({ from }) => from !== null && <span className="mono">{from}</span> },
  { name: 'Says', width: '2fr', cell: ({ says }) => says !== null && <Says of={says} /> },
  {
    name: 'Record',
    width: '76px',
    cell: ({ record }) => (
      <Link className="link mono" to="/log/$index" params={{ index: String(record) }} search={time}>
        #{record}
      </Link>
    ),
  },
];

/** What it was done to, where that has a page of its own. */
function Target({ of, time }: { readonly of: string; readonly time: Time }) {
  const [, kind, id] = /^(users|alerts|controls)\/(.+)$/.exec(of) ?? [];
  if (kind === undefined || id === undefined) return <bdi title={of}>{of}</bdi>;
  const to = kind === 'users' ? `/settings/users/${id}` : `/${kind}/${id}`;
  return (
    <Link className="link" to={to} search={time}>
      <bdi>{of}</bdi>
    </Link>
  );
}

/** Names under which a record keeps instants, in milliseconds. */
const INSTANTS: ReadonlySet<string> = new Set(['ends', 'until', 'at', 'slot']);

/** The rest of what it says: before and after, in one line. */
function Says({ of }: { readonly of: Readonly<Record<string, unknown>> }) {
  const said = Object.entries(of)
    .map(([name, value]) => `${name} ${INSTANTS.has(name) && typeof value === 'number' ? spoken(iso(value)) : worded(value)}`)
    .join('; ');
  return <bdi title={said}>{said}</bdi>;
}

function worded(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(worded).join(', ');
  const { from, to } = value as { readonly from?: unknown; readonly to?: unknown };
  return from !== undefined && to !== undefined ? `from ${worded(from)} to ${worded(to)}` : JSON.stringify(value);
}
