import { useEffect } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { Answered, useAnswer } from '../api/answer.tsx';
import { address, type Answer } from '../api/ask.ts';
import { type Filter, useFilter, useTyped } from '../parts/filter.ts';
import { Filters } from '../parts/Filters.tsx';
import { Records } from '../parts/Panel.tsx';
import { SavedViews } from '../parts/SavedViews.tsx';
import type { Column } from '../parts/Rows.tsx';
import { WindowTable } from '../parts/WindowTable.tsx';
import { asked, spoken, useFilterText, useShown, useTime } from '../time.ts';
import './family.css';

type Posture = Answer<'posture', 'read'>;
type Rows = Answer<'families', 'rows'>;
type Row = Rows['rows'][number];

/** The datasets that checks examine, the ones with deviations first, and the rows of the one that is shown. */
export function Populations({
  checks,
  connect,
  register,
}: {
  readonly checks: Posture['checks'];
  readonly connect: string;
  readonly register: string | undefined;
}) {
  const time = useTime();
  const navigate = useNavigate();
  const dataset = useShown();
  const by = Map.groupBy(checks, (check) => check.dataset);
  const ids = [...by.keys()].toSorted((a, b) => sum(by.get(b)) - sum(by.get(a)) || (a < b ? -1 : 1));
  const shown = ids.find((id) => id === dataset) ?? ids[0];
  if (shown === undefined) return null;
  return (
    <>
      <h2 className="over">Populations, row by row</h2>
      <SavedViews />
      <div className="chips" role="group" aria-label="Population">
        {ids.map((id) => (
          <button key={id} type="button" className="chip" aria-pressed={id === shown} onClick={() => void navigate({ to: '.', search: { ...time, show: id } })}>
            {id}
            {sum(by.get(id)) > 0 && <b className="c-fail"> {sum(by.get(id))}</b>}
          </button>
        ))}
      </div>
      <Shown key={shown} dataset={shown} connect={connect} first={shown === REGISTERS && register !== undefined ? `register:${register}` : null} />
    </>
  );
}

/** Where entries of all registers stand together. */
const REGISTERS = 'register.entries';

const sum = (checks: Posture['checks'] = []): number => checks.reduce((total, { deviations }) => total + deviations, 0);

/** @param first the condition that whoever comes without one begins with; they may take it away */
function Shown({ dataset, connect, first }: { readonly dataset: string; readonly connect: string; readonly first: string | null }) {
  const time = useTime();
  const [filter, change] = useFilter();
  const [text, type] = useTyped('text');
  const chose = useFilterText() !== '';
  useEffect(() => {
    if (first !== null && !chose) change({ where: [first] });
  }, []); // once, when it comes
  const path = `/datasets/${dataset}/rows`;
  const query = { ...asked(time), text: filter.text, where: filter.where, sort: filter.sort };
  const about = useAnswer<Rows>(path, { ...asked(time), limit: 1 });
  const chosen = filter.where.length > 0 || filter.text !== '';
  return (
    <Answered answer={about}>
      {({ title, fields, covered, gaps, kind, count }) => (
        <section className="panel">
          <div className="sec">
            <h2>{title}</h2>
            <span className="note">
              {count.toLocaleString('en')} {kind === 'events' ? 'in the period' : 'at this instant'}
            </span>
            <a className="link more" href={address(`${path}.csv`, query)} download>
              {chosen ? 'CSV of what is filtered' : 'CSV'}
            </a>
          </div>
          {!covered &&
            gaps.map((gap) => (
              <p key={gap} className="notice" role="note">
                {gap}
              </p>
            ))}
          <Filters path={path} query={query} fields={fields} filter={filter} onChange={change} text={text} onType={type} />
          <WindowTable<Rows, Row>
            path={path}
            query={query}
            label={title}
            rowsOf={({ rows }) => rows}
            columns={columnsOf(fields, filter)}
            sort={filter.sort}
            onSort={(sort) => change({ sort })}
            empty={
              chosen ? (
                <>
                  No row of {count.toLocaleString('en')} is like that.{' '}
                  <button
                    type="button"
                    className="linkish"
                    onClick={() => {
                      type('');
                      change({ where: [], text: '' });
                    }}
                  >
                    Clear the filter
                  </button>
                </>
              ) : covered ? (
                'Nothing occurred, by complete evidence.'
              ) : (
                `Nothing was told yet. ${connect}`
              )
            }
          />
        </section>
      )}
    </Answered>
  );
}

/** So many fields are shown where nobody has chosen: the others are in the CSV. */
const FIRST = 7;

function columnsOf(fields: Rows['fields'], { columns }: Filter): readonly Column<Row>[] {
  const shown = columns.length === 0 ? fields.slice(0, FIRST) : fields.filter(({ name }) => columns.includes(name));
  return [
    { name: 'Item', width: '2fr', cell: ({ label }) => <bdi>{label}</bdi> },
    ...shown.map(
      ({ name, isInstant }): Column<Row> => ({
        name,
        sort: name,
        width: '1fr',
        cell: ({ row }) => {
          const value = row[name];
          if (value === null || value === undefined) return <span className="faint">none</span>;
          const text = isInstant ? spoken(String(value)) : Array.isArray(value) ? value.join(', ') : String(value);
          return <bdi title={text}>{text}</bdi>;
        },
      }),
    ),
    { name: 'Records', width: '110px', cell: ({ records }) => <Records of={records} most={1} /> },
  ];
}
