import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { several } from '../../../src/core/spoken.ts';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { Told } from '../parts/Told.tsx';
import { Glyph, type Shown } from '../parts/Status.tsx';
import { askedAt, parsed, spoken, useTime } from '../time.ts';

type Changes = Answer<'charts', 'changes'>;
type Change = Changes['changes'][number];

const DAY = 86_400_000;
const SINCE = [
  [1, 'yesterday'],
  [7, '7 d ago'],
  [30, '30 d ago'],
] as const;
const FEW = 9;

const DRAWN: Readonly<Record<Change['what'], Shown>> = { deviates: 'fail', unknown: 'unknown', ends: 'pass', known: 'pass' };

/** What became otherwise since yesterday, or since any instant: each a sentence with the records that tell it. */
export function Changed({ now }: { readonly now: string }) {
  const time = useTime();
  const [days, setDays] = useState<number | null>(1);
  const [typed, setTyped] = useState('');
  const [most, setMost] = useState(FEW);
  const named = parsed(/^\d{4}-\d\d-\d\d$/.test(typed.trim()) ? `${typed.trim()}T00:00:00Z` : typed);
  const since = new Date(days === null && named !== null ? named : Date.parse(now) - (days ?? 1) * DAY).toISOString();
  const answer = useAnswer<Changes>('/charts/changes', { ...askedAt(time), since, limit: 200 });
  const changes = answer.data?.changes ?? [];
  return (
    <Panel title="Changed" note={answer.data ? `since ${spoken(answer.data.since)}` : null}>
      <div className="row pad" role="group" aria-label="Since when">
        {SINCE.map(([count, name]) => (
          <button key={count} type="button" className="chip" aria-pressed={days === count} onClick={() => setDays(count)}>
            {name}
          </button>
        ))}
        <input
          className="field short-field"
          value={typed}
          placeholder="2026-11-06"
          aria-label="Since an instant or a date, in UTC"
          aria-invalid={days === null && typed !== '' && named === null}
          onChange={({ target }) => {
            setTyped(target.value);
            setDays(target.value.trim() === '' ? 1 : null);
          }}
        />
      </div>
      {days === null && typed !== '' && named === null && <p className="pad wrong">Write an instant in UTC, like 2026-11-06T23:00Z, or a date.</p>}
      {answer.error && <p className="pad wrong">{answer.error.message}</p>}
      {answer.data && changes.length === 0 && <p className="pad">Nothing: no item deviates, ends to deviate, or became unknown since then.</p>}
      <ul className="next">
        {changes.slice(0, most).map((change) => (
          <li key={`${change.at} ${change.what} ${change.checks.join()} ${change.item.source} ${change.item.key}`} data-row>
            <b title={spoken(change.at)}>{spoken(change.at).slice(5, 16)}</b>
            <span>
              <Glyph of={DRAWN[change.what]} label={change.what === 'ends' || change.what === 'known' ? 'Better' : DRAWN[change.what]} />{' '}
              <Told of={change.says} />.{' '}
              {change.controls.map((id) => (
                <Link key={id} className="tag" to="/controls/$id" params={{ id }} search={time}>
                  {id}
                </Link>
              ))}{' '}
              <Records of={change.records} most={2} />
            </span>
          </li>
        ))}
      </ul>
      {answer.data && answer.data.count > Math.min(most, changes.length) && (
        <p className="pad">
          {most < changes.length ? (
            <button type="button" className="linkish" onClick={() => setMost(changes.length)}>
              Show {several(changes.length - most, 'more change')}
            </button>
          ) : (
            <span className="faint">
              The newest {changes.length} of {answer.data.count}.
            </span>
          )}
        </p>
      )}
    </Panel>
  );
}
