import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { Answered, useAnswer } from '../../api/answer.tsx';
import type { Answer } from '../../api/ask.ts';
import { Panel } from '../../parts/Panel.tsx';
import { askedAt, useTime } from '../../time.ts';
import './connect.css';

type Posture = Answer<'posture', 'read'>;
export type Catalogue = Answer<'connect', 'collectors'>;
export type Collector = Catalogue['collectors'][number];

/** What can be connected, by how much of what is unknown it would answer. */
export function ConnectPage() {
  const time = useTime();
  const catalogue = useAnswer<Catalogue>('/collectors');
  const posture = useAnswer<Posture>('/posture', askedAt(time));
  return (
    <Answered answer={catalogue}>
      {({ collectors, editing }) => (
        <>
          <h1>
            {collectors.length} kinds of systems can be asked, {collectors.filter(({ connected }) => connected.length > 0).length} of them are.
          </h1>
          <p className="sub">
            Each is asked with the least rights that it needs, reads alone, and is tried out before it is saved. Secrets are encrypted at once.
          </p>
          {editing.refused !== null && <NotHere why={editing.refused} demo={posture.data?.demo ?? false} />}
          <List collectors={collectors} posture={posture.data} />
        </>
      )}
    </Answered>
  );
}

/** Why nothing can be saved, and what to do instead. */
export const NotHere = ({ why, demo }: { readonly why: string; readonly demo: boolean }) => (
  <p className="note-box" role="note">
    {why}{' '}
    {demo && (
      <Link className="link" to="/start">
        Start with my company
      </Link>
    )}
  </p>
);

function List({ collectors, posture }: { readonly collectors: readonly Collector[]; readonly posture: Posture | undefined }) {
  const id = useId();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = collectors.filter(({ id: its, title, feeds }) => wanted === '' || `${its} ${title} ${feeds.join(' ')}`.toLowerCase().includes(wanted));
  return (
    <Panel
      title="Collectors"
      note="those first that answer the most"
      aside={
        <span className="filter">
          <label className="listen" htmlFor={id}>
            Filter
          </label>
          <input
            id={id}
            className="field"
            type="search"
            placeholder="okta, devices, access-grants"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </span>
      }
    >
      {shown.length === 0 && (
        <p className="pad">
          None is called so or tells of it.{' '}
          <button type="button" className="linkish" onClick={() => setText('')}>
            Show all
          </button>
        </p>
      )}
      <ul className="collectors">
        {shown.map((collector) => (
          <li key={collector.id} data-row>
            <div>
              <Link to="/sources/connect/$vendor/$kind" params={paramsOf(collector.id)}>
                <b className="id">{collector.id}</b>
              </Link>
              <span className="sub2">{collector.title}</span>
            </div>
            <div className="gives">
              {answersOf(collector, posture)}
              {collector.connected.length > 0 && <span className="sub2">connected as {collector.connected.join(', ')}</span>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function paramsOf(id: string): { readonly vendor: string; readonly kind: string } {
  const [vendor = '', kind = ''] = id.split('/');
  return { vendor, kind };
}

/** Criteria that are unknown while nobody tells of what their controls are examined by, and that this collector tells of. */
export function unknownBy({ feeds }: Pick<Collector, 'feeds'>, { criteria, controls }: Posture): readonly string[] {
  const waiting = controls.filter(({ unfed }) => unfed.some((dataset) => feeds.includes(dataset))).map(({ id }) => id);
  return criteria.filter(({ status, controls: its }) => status === 'unknown' && its.some((control) => waiting.includes(control))).map(({ id }) => id);
}

function answersOf(collector: Collector, posture: Posture | undefined): string {
  const criteria = (count: number) => `${count} ${count === 1 ? 'criterion' : 'criteria'}`;
  const unknown = posture === undefined ? 0 : unknownBy(collector, posture).length;
  if (unknown > 0) return `tells of what ${criteria(unknown)} ${unknown === 1 ? 'waits' : 'wait'} for`;
  return collector.criteria.length === 0 ? 'for what you examine yourself' : `bears on ${criteria(collector.criteria.length)}`;
}
