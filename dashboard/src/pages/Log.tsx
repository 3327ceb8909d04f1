import { Link, useNavigate } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer, Query } from '../api/ask.ts';
import { useChosen, useTyped } from '../parts/filter.ts';
import { Panel } from '../parts/Panel.tsx';
import { SavedViews } from '../parts/SavedViews.tsx';
import { Glyph } from '../parts/Status.tsx';
import type { Column } from '../parts/Rows.tsx';
import { LongTable } from '../parts/Table.tsx';
import { WindowTable } from '../parts/WindowTable.tsx';
import { spoken, useTime } from '../time.ts';

type List = Answer<'records', 'list'>;
type Line = List['records'][number];

const OUTCOMES: readonly (readonly [Line['outcome'], string])[] = [
  ['success', 'complete'],
  ['failure', 'incomplete'],
  ['skip', 'skipped'],
  ['attestation', 'statements'],
  ['act', 'acts'],
  ['configuration', 'configurations'],
  ['draw', 'samples'],
  ['disposal', 'disposals'],
  ['hold', 'holds'],
  ['key', 'keys'],
];

/** What was kept, and whether it is unaltered. */
export function LogPage() {
  const time = useTime();
  const [outcome, setOutcome] = useChosen<Line['outcome']>('outcome');
  const [text, setText] = useTyped('text');
  const wanted = useDeferredValue(text.trim());
  const status = useAnswer<Answer<'log', 'status'>>('/log/status');

  return (
    <Answered answer={status}>
      {(log) => (
        <>
          <h1>
            {log.checkpoint.size.toLocaleString('en')} records
            {log.complaints.some(({ grave }) => grave)
              ? ', and damage was found.'
              : log.witnessed
                ? ', confirmed from outside.'
                : ', in one log that only grows.'}
          </h1>
          <p className="sub">
            Every answer of a source, every statement of a person and every act in Tickmark is a leaf of one signed log. The newest was sealed{' '}
            {log.sealedAt === null ? 'never' : spoken(log.sealedAt)}.
          </p>
          <Standing log={log} />
          <SavedViews />
          <div className="chips">
            <input
              className="field"
              value={text}
              onChange={({ target }) => setText(target.value)}
              placeholder="Filter: a source, a person, a reason"
              aria-label="Filter records"
            />
            {OUTCOMES.map(([of, says]) => (
              <button key={of} type="button" className="chip" aria-pressed={outcome === of} onClick={() => setOutcome(outcome === of ? undefined : of)}>
                {says}
              </button>
            ))}
          </div>
          <section className="panel">
            <Records
              query={{ outcome, text: wanted === '' ? undefined : wanted, period: time.period }}
              empty={
                wanted === '' && outcome === undefined
                  ? 'Nothing was sealed yet but the first checkpoint.'
                  : 'No record is like that. Clear the filter to see all.'
              }
            />
          </section>
        </>
      )}
    </Answered>
  );
}

/** Windows of all of them where it is known how many there are, and page by page where they have to be looked through. */
function Records({ query, empty }: { readonly query: Query; readonly empty: string }) {
  const time = useTime();
  const navigate = useNavigate();
  const first = useAnswer<List>('/records', { ...query, limit: 1 });
  const about = {
    path: '/records',
    query,
    label: 'Records',
    rowsOf: ({ records }: List) => records,
    columns: columnsOf(time),
    empty,
    onOpen: ({ index }: Line) => void navigate({ to: '/log/$index', params: { index: String(index) }, search: time }),
  };
  return (
    <Answered answer={first}>{({ count }) => (count === null ? <LongTable<List, Line> {...about} /> : <WindowTable<Counted, Line> {...about} />)}</Answered>
  );
}

interface Counted extends List {
  readonly count: number;
  readonly size: number;
}

const columnsOf = (time: ReturnType<typeof useTime>): readonly Column<Line>[] => [
  {
    name: 'Record',
    width: '92px',
    cell: ({ index }) => (
      <Link className="link mono" to="/log/$index" params={{ index: String(index) }} search={time}>
        #{index}
      </Link>
    ),
  },
  { name: 'Sealed', width: '176px', cell: ({ sealedAt }) => spoken(sealedAt) },
  { name: 'What', width: '3fr', cell: ({ title }) => <bdi>{title}</bdi> },
  {
    name: 'Outcome',
    width: '2fr',
    cell: ({ outcome, reason }) =>
      outcome === 'success' ? (
        <>
          <Glyph of="pass" /> complete
        </>
      ) : outcome === 'failure' || outcome === 'skip' ? (
        <>
          <Glyph of="unknown" /> <b className="c-unknown">{outcome === 'skip' ? 'skipped' : 'incomplete'}</b> <bdi>{reason}</bdi>
        </>
      ) : (
        <bdi>{reason ?? 'sealed'}</bdi>
      ),
  },
];

function Standing({ log }: { readonly log: Answer<'log', 'status'> }) {
  return (
    <Panel
      title="Who vouches for it"
      note={`${log.anchors.length === 0 ? 'nobody outside yet' : `${log.quorum} of ${log.anchors.filter(({ kind }) => kind === 'witness').length} witnesses wanted`}`}
    >
      <div className="pad">
        {log.complaints.map(({ code, says, grave }) => (
          <p key={`${code} ${says}`} className={grave ? 'notice bad' : 'notice'} role={grave ? 'alert' : 'note'}>
            <b>{code}</b> {says}
          </p>
        ))}
        <p>
          Checkpoint of {log.checkpoint.size.toLocaleString('en')} records, root <code className="wrap">{log.checkpoint.root}</code>, signed by{' '}
          <code className="wrap">{log.verifierKey}</code>.{' '}
          {log.scrubbed === null
            ? 'It has not been read again yet.'
            : `Read again up to record ${log.scrubbed.position.toLocaleString('en')}${log.scrubbed.problems === 0 ? ', no damage' : `, ${log.scrubbed.problems} problems`}.`}
        </p>
        {log.anchors.length === 0 && (
          <p className="sub">
            No witness and no time-stamping authority is configured: whoever runs this server could show another log to somebody who saw none before.{' '}
            <code>docs/security-model.md</code> says who protects against whom.
          </p>
        )}
        <ul>
          {log.anchors.map(({ kind, name, current, newest, trouble }) => (
            <li key={`${kind} ${name}`}>
              <Glyph of={trouble ? 'unknown' : current ? 'pass' : 'unknown'} /> {kind} <b>{name}</b>{' '}
              {newest === null ? 'has confirmed nothing yet' : `confirmed ${newest.size.toLocaleString('en')} records on ${spoken(newest.at)}`}
              {trouble && `; ${trouble.says} since ${spoken(trouble.since)}`}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
