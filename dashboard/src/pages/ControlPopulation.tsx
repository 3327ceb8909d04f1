import { useDeferredValue, useState } from 'react';
import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { address, type Answer } from '../api/ask.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph, type Shown, Status } from '../parts/Status.tsx';
import type { Column } from '../parts/Rows.tsx';
import { told } from '../parts/told.ts';
import { WindowTable } from '../parts/WindowTable.tsx';
import { asked, spoken, useTime } from '../time.ts';
import { DrawSample } from './Samples.tsx';

type Over = Answer<'controls', 'period'>;
type List = Answer<'controls', 'population'>;
type Item = List['items'][number];
type Outcome = Item['outcome'];

/** Every item, its digest, and samples that anybody can draw again. */
export function Population({
  control,
  check,
  digest,
}: {
  readonly control: string;
  readonly check: Over['control']['checks'][number];
  readonly digest: Over['populations'][number] | undefined;
}) {
  const time = useTime();
  const [outcome, setOutcome] = useState<Outcome | undefined>();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const path = `/controls/${encodeURIComponent(control)}/population`;
  const query = { check: check.id, ...asked(time), outcome, text: wanted };
  const answer = useAnswer<List>(path, { check: check.id, ...asked(time), limit: 1 });
  const counts: Readonly<Record<Outcome, number>> = { deviates: check.deviate, unknown: check.undetermined, waived: 0, conforms: check.conform };
  return (
    <Panel
      title={check.title}
      note={digest ? `${several(digest.count, 'item')}, SHA-256 ${digest.digest.slice(0, 12)}…` : ''}
      aside={
        <a className="link more" href={address(`${path}.csv`, query)} download>
          {outcome !== undefined || wanted !== '' ? 'CSV of what is filtered' : 'CSV'}
        </a>
      }
    >
      <Answered answer={answer}>
        {({ population }) => (
          <>
            <p className="pad">{population.selection}</p>
            <DrawSample control={control} check={check.id} />
            <div className="filters">
              <input
                className="field"
                value={text}
                onChange={({ target }) => setText(target.value)}
                placeholder="Filter: a name or a key"
                aria-label={`Filter items of ${check.title}`}
              />
              {OUTCOMES.map(([of, name]) => (
                <button key={of} type="button" className="chip" aria-pressed={outcome === of} onClick={() => setOutcome(outcome === of ? undefined : of)}>
                  <Glyph of={DRAWN[of]} label="" /> {name}
                  {of !== 'waived' && ` ${counts[of].toLocaleString('en')}`}
                </button>
              ))}
            </div>
            <WindowTable<List, Item>
              path={path}
              query={query}
              label={`Population of ${check.title}`}
              rowsOf={({ items }) => items}
              columns={COLUMNS}
              empty={
                outcome === undefined && wanted === '' ? 'Nothing was in it, by complete evidence.' : 'No item of it is like that. Clear the filter to see all.'
              }
            />
          </>
        )}
      </Answered>
    </Panel>
  );
}

const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ['deviates', 'deviate'],
  ['unknown', 'unknown'],
  ['waived', 'waived'],
  ['conforms', 'conform'],
];
const DRAWN: Readonly<Record<Outcome, Shown>> = { deviates: 'fail', unknown: 'unknown', waived: 'waived', conforms: 'pass' };

const COLUMNS: readonly Column<Item>[] = [
  { name: 'Outcome', width: '104px', cell: ({ outcome }) => <Status of={DRAWN[outcome]}>{OUTCOMES.find(([of]) => of === outcome)?.[1]}</Status> },
  { name: 'Item', width: '2fr', cell: ({ label }) => <bdi title={label}>{label}</bdi> },
  { name: 'Because', width: '3fr', cell: ({ because }) => <bdi title={because ?? undefined}>{because === null ? null : told(because)}</bdi> },
  { name: 'From', width: '170px', cell: ({ from }) => (from === null ? 'before all evidence' : spoken(from)) },
  { name: 'Up to', width: '170px', cell: ({ to }) => (to === null ? 'still there' : spoken(to)) },
  { name: 'Records', width: '110px', cell: ({ records }) => <Records of={records} most={1} /> },
];
