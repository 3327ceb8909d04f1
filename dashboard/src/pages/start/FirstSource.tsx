import { useState } from 'react';
import { unknownBy } from '../connect/Catalogue.tsx';
import { SourceForm } from '../connect/SourceForm.tsx';
import type { Its } from './its.ts';

/** Those first that tell the most; files are for the step after. */
const WELL_KNOWN = ['okta/users', 'google-workspace/users', 'github/organization', 'aws/iam', 'scim/users', 'slack/users'];

/** The one that tells the most is connected first. */
export function FirstSource({ catalogue, posture, sources, next }: Its) {
  const offered = WELL_KNOWN.flatMap((id) => catalogue.collectors.find((collector) => collector.id === id) ?? []);
  const [chosen, setChosen] = useState<string | null>(null);
  const collector = catalogue.collectors.find(({ id }) => id === chosen);
  return (
    <>
      <h1>
        {sources.length === 0 ? 'Which system knows who has an account?' : `${sources.length} ${sources.length === 1 ? 'source is' : 'sources are'} connected.`}
      </h1>
      <p className="sub">The identity provider tells the most: who can sign in, how, and what they may. It is asked with a credential that may only read.</p>
      <div className="offered" role="group" aria-label="Systems">
        {offered.map(({ id, title, ...its }) => (
          <button key={id} type="button" className="offer" aria-pressed={id === chosen} onClick={() => setChosen(id === chosen ? null : id)}>
            <b className="id">{id}</b>
            <span>{title}</span>
            <span className="faint">tells of what {unknownBy(its, posture).length} criteria wait for</span>
          </button>
        ))}
        <label className="labelled">
          <span className="listen">Another system</span>
          <select
            value={chosen !== null && !WELL_KNOWN.includes(chosen) ? chosen : ''}
            onChange={({ target }) => setChosen(target.value === '' ? null : target.value)}
          >
            <option value="">Another system…</option>
            {catalogue.collectors
              .filter(({ id }) => !WELL_KNOWN.includes(id))
              .map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
          </select>
        </label>
      </div>
      {collector && <SourceForm key={collector.id} collector={collector} editing={catalogue.editing} saved={next} />}
      {!collector && sources.length > 0 && (
        <button type="button" className="btn primary" onClick={next}>
          Go on with what is connected
        </button>
      )}
    </>
  );
}
