import { useState } from 'react';
import { address, type Answer } from '../api/ask.ts';
import { useAnswer } from '../api/answer.tsx';
import { Panel } from '../parts/Panel.tsx';
import { askedAt, spoken, useTime } from '../time.ts';

/** What can be handed over. */
export function ReportsPage() {
  const time = useTime();
  const posture = useAnswer<Answer<'posture', 'read'>>('/posture', askedAt(time));
  const [month, setMonth] = useState('');
  const period = time.period ?? (posture.data ? `${posture.data.period.from}..${posture.data.period.to}` : undefined);
  const [from, to] = (period ?? '').split('..');
  return (
    <>
      <h1>What can be handed over</h1>
      <p className="sub">Every report says from which log, catalogue and code it was made. Whoever holds the same makes the same.</p>
      <div className="half thirds">
        <Panel title="Access review" note="every account of every system, by person">
          <form className="pad row" onSubmit={(event) => event.preventDefault()}>
            <label>
              Month <input className="field short-field" value={month} placeholder="the current one" onChange={({ target }) => setMonth(target.value)} />
            </label>
            <a className="btn primary" href={address('/reports/access-review', { month })}>
              Open
            </a>
            <a className="btn" href={address('/reports/access-review', { month, format: 'csv' })} download>
              CSV
            </a>
          </form>
        </Panel>
        <Panel title="Evidence of the period" note={period ? `from ${spoken(from ?? '')} up to ${spoken(to ?? '')}` : null}>
          <p className="pad">
            Each control: what was examined, what deviates, what is not known, and the records it rests on. The time control at the top chooses the period.
          </p>
          <div className="pad row">
            <a className="btn primary" href={address('/reports/evidence', { period })}>
              Open
            </a>
            <a className="btn" href={address('/reports/evidence', { period, format: 'md' })} download>
              Markdown
            </a>
            <a className="btn" href={address('/reports/evidence', { period, format: 'csv' })} download>
              CSV
            </a>
          </div>
        </Panel>
        <Panel title="Bundle for the auditor" note="verifies offline">
          <p className="pad">
            The evidence of the period with its proofs, in one file that a stranger verifies with software that is not ours: <code>README-VERIFY.txt</code> in
            it says how. That it was taken is a record.
          </p>
          <div className="pad row">
            <a className="btn primary" href={address('/bundle', { period })} download>
              Download bundle
            </a>
            <a className="btn" href={address('/bundle', { period, sealed: true })} download>
              Without the keys of the payloads
            </a>
          </div>
        </Panel>
      </div>
    </>
  );
}
