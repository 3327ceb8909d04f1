import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../../api/answer.tsx';
import { type Answer, send } from '../../api/ask.ts';
import { ActSaid, useAct } from '../../parts/Act.tsx';
import { SourceForm } from '../connect/SourceForm.tsx';
import type { Its } from './its.ts';

type Everybody = Answer<'people', 'list'>;

const OFFERED = ['hr/csv', 'hr/bamboohr'];

/** Who works here: by the HR system or by its export. Without it nobody is known to have left. */
export function People({ catalogue, sources, next }: Its) {
  const [chosen, setChosen] = useState('hr/csv');
  const { act, said } = useAct();
  const told = sources.filter(({ feeds }) => feeds.includes('hr.workers'));
  const people = useAnswer<Everybody>('/people', { limit: 1 });
  const collector = catalogue.collectors.find(({ id }) => id === chosen);
  const ask = (name: string) =>
    act(send<Answer<'sources', 'collect'>>('POST', '/collect', { source: `${chosen}/${name}` }), () => 'It is read now. Who is in it shows below in a moment.');
  return (
    <>
      <h1>{told.length === 0 ? 'Who works here, and since when?' : `${(people.data?.count ?? 0).toLocaleString('en')} people are known.`}</h1>
      <p className="sub">
        Accounts are matched to people by number and by address, never by a name. Whoever matches nobody is listed as such, and nothing is guessed. A first line{' '}
        <code># generated 2026-03-01T06:00:00Z</code> says when an export was made; else fill that in below.
      </p>
      {told.length > 0 && (
        <p className="row acts">
          <button type="button" className="btn primary" onClick={next}>
            See the first finding
          </button>
          <Link className="btn" to="/people">
            Who matches nobody
          </Link>
        </p>
      )}
      <ActSaid said={said} />
      {told.length === 0 && (
        <>
          <div className="chips" role="group" aria-label="Where people are known from">
            {OFFERED.map((id) => (
              <button key={id} type="button" className="chip" aria-pressed={id === chosen} onClick={() => setChosen(id)}>
                {id === 'hr/csv' ? 'An export (CSV)' : 'BambooHR'}
              </button>
            ))}
          </div>
          {collector && <SourceForm key={collector.id} collector={collector} editing={catalogue.editing} saved={(name) => void ask(name)} />}
          <p>
            <button type="button" className="linkish" onClick={next}>
              Go on without: what rests on people stays unknown
            </button>
          </p>
        </>
      )}
    </>
  );
}
