import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useTime } from '../time.ts';
import { ActSaid, useAct } from './Act.tsx';
import './window-table.css';

type View = Answer<'views', 'list'>['views'][number];

/** How this page is looked at, kept under a name: one's own views, and those that are shared. Time is not part of them. */
export function SavedViews() {
  const { pathname, search } = useLocation();
  const time = useTime();
  const { show, filter } = search as { readonly show?: string; readonly filter?: string };
  const answer = useAnswer<Answer<'views', 'list'>>('/views', { page: pathname });
  const { act, busy, said } = useAct();
  const [name, setName] = useState<string | null>(null);
  const now = searchOf(show, filter);
  const shown = answer.data?.views.find((view) => view.search === now);
  if (answer.error) return null;
  return (
    <div className="views" role="group" aria-label="Views of this page">
      {answer.data?.views.map((view) => (
        <Link key={view.id} className="chip" to={pathname} search={{ ...time, ...partsOf(view.search) }} aria-current={view === shown ? 'true' : undefined}>
          {view.name}
          {view.shared && <small>{view.own ? 'shared' : `of ${view.by}`}</small>}
        </Link>
      ))}
      {shown === undefined && now !== '' && name === null && (
        <button type="button" className="linkish" onClick={() => setName('')}>
          Save this view
        </button>
      )}
      {name !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act(send<View>('POST', '/views', { page: pathname, name, search: now }), (view) => `Saved as "${view.name}".`).then(
              (view) => view && setName(null),
            );
          }}
        >
          <input
            className="field"
            value={name}
            required
            maxLength={80}
            placeholder="Name of the view"
            aria-label="Name of the view"
            onChange={({ target }) => setName(target.value)}
          />
          <button type="submit" className="btn" disabled={busy}>
            Save view
          </button>
          <button type="button" className="linkish" onClick={() => setName(null)}>
            Cancel
          </button>
        </form>
      )}
      {shown && (
        <>
          <button
            type="button"
            className="linkish"
            disabled={busy}
            onClick={() =>
              void act(send<View>('POST', `/views/${shown.id}/share`, { shared: !shown.shared }), (view) =>
                view.shared ? 'Everybody who may see this page sees it now.' : 'It is yours alone now.',
              )
            }
          >
            {shown.shared ? 'Stop sharing' : 'Share'}
          </button>
          {shown.own && (
            <button
              type="button"
              className="linkish"
              disabled={busy}
              onClick={() => void act(send('DELETE', `/views/${shown.id}`), () => `The view "${shown.name}" is gone. Nothing else is.`)}
            >
              Remove view
            </button>
          )}
        </>
      )}
      <ActSaid said={said} />
    </div>
  );
}

/** As it is kept: what is shown and how it is filtered, in one spelling. */
function searchOf(show: string | undefined, filter: string | undefined): string {
  const said = new URLSearchParams();
  if (show !== undefined) said.set('show', show);
  if (filter !== undefined && filter !== '') said.set('filter', filter);
  return said.toString();
}

function partsOf(search: string): { readonly show?: string; readonly filter?: string } {
  const said = new URLSearchParams(search);
  const [show, filter] = [said.get('show'), said.get('filter')];
  return { ...(show === null ? {} : { show }), ...(filter === null ? {} : { filter }) };
}
