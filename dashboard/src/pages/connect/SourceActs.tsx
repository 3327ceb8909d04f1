import { Link } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useAnswer } from '../../api/answer.tsx';
import { type Answer, send } from '../../api/ask.ts';
import { ActSaid, useAct } from '../../parts/Act.tsx';
import { type Catalogue, paramsOf } from './Catalogue.tsx';
import './connect.css';

type Source = Answer<'sources', 'list'>['sources'][number];

/** What can be done to a source: change how it is asked, or end that it is. */
export function SourceActs({ source }: { readonly source: Pick<Source, 'collector' | 'name' | 'retired'> }) {
  const { data } = useAnswer<Catalogue>('/collectors');
  const me = useAnswer<Answer<'users', 'me'>>('/me');
  const [retiring, setRetiring] = useState(false);
  if (!data || source.retired !== null || data.editing.refused !== null || !me.data?.permissions.includes('sources.write')) return null;
  const params = { ...paramsOf(source.collector), name: source.name };
  return (
    <>
      <Link className="btn" to="/sources/$vendor/$kind/$name/change" params={params}>
        Change
      </Link>
      <button type="button" className="btn" aria-expanded={retiring} onClick={() => setRetiring(!retiring)}>
        Retire
      </button>
      {retiring && <Retire source={source} digest={data.editing.digest} />}
    </>
  );
}

function Retire({ source, digest }: { readonly source: Pick<Source, 'collector' | 'name'>; readonly digest: string }) {
  const id = useId();
  const { act, busy, said } = useAct();
  const [because, setBecause] = useState('');
  const go = (event: FormEvent) => {
    event.preventDefault();
    void act(
      send<Answer<'connect', 'retire'>>('POST', `/sources/${source.collector}/${source.name}/retire`, { because, digest }),
      () => 'It is retired from today on.',
    );
  };
  return (
    <form className="retire" onSubmit={go}>
      <p className="hint">
        From today on nothing is expected of it. What it has told stays, and what only it told of becomes unknown. A credential that Tickmark keeps for it is
        forgotten.
      </p>
      <label htmlFor={id}>Why is it retired?</label>
      <input id={id} className="field" required maxLength={500} value={because} onChange={({ target }) => setBecause(target.value)} />
      <button type="submit" className="btn primary" disabled={busy || because.trim() === ''}>
        Retire {source.collector} {source.name}
      </button>
      <ActSaid said={said} />
    </form>
  );
}
