import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { OwedCount } from '../acts/owed.tsx';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { type Live, useLive } from '../api/live.ts';
import { useMe } from '../api/me.ts';
import { StripPatterns } from '../parts/Strip.tsx';
import { askedAt, spoken, useTime } from '../time.ts';
import { Companies } from './Companies.tsx';
import { Allowed, placesFor } from './Allowed.tsx';
import { Keys } from './Keys.tsx';
import { Palette } from './Palette.tsx';
import { TimeControl } from './TimeControl.tsx';
import { WhoAmI } from './WhoAmI.tsx';

/** What every page has around it. */
export function Shell() {
  const { live } = useLive();
  const time = useTime();
  const posture = useAnswer<Answer<'posture', 'read'>>('/posture', askedAt(time));
  const me = useMe();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);

  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <StripPatterns />
      <div className="app">
        <nav className={open ? 'nav open' : 'nav'} aria-label="Main">
          <div className="brand">
            <img src="/icon.svg" alt="" width="20" height="20" />
            Tickmark<small>{posture.data?.company}</small>
          </div>
          <Palette />
          {placesFor(me.data).map(({ title, places }) => (
            <div key={title ?? 'first'}>
              {title !== null && <h2>{title}</h2>}
              {places
                .filter(({ family }) => family === undefined || posture.data?.controls.some(({ id }) => id.startsWith(family)))
                .map(({ to, text, counted }) => (
                  <Link key={to} to={to} search={time} activeOptions={{ exact: to === '/', includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
                    {text}
                    {counted && <OwedCount />}
                  </Link>
                ))}
            </div>
          ))}
          <WhoAmI />
        </nav>
        <div>
          <header className="top">
            <button type="button" className="menu" aria-label="Menu" aria-expanded={open} onClick={() => setOpen(!open)}>
              <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
                <path d="M2 5h14M2 9h14M2 13h14" />
              </svg>
            </button>
            <Crumbs />
            <Companies />
            <div className="right">
              <Standing live={live} held={time.at !== undefined || time.known !== undefined} asOf={posture.data?.asOf} size={posture.data?.checkpoint.size} />
              <TimeControl />
            </div>
          </header>
          <main id="main" tabIndex={-1}>
            {posture.data?.demo && (
              <p className="demo" role="note">
                This is the made-up company Acme. Its records are marked as demo and are evidence of nothing.
              </p>
            )}
            <Allowed me={me.data}>
              <Outlet />
            </Allowed>
            {posture.data && <Stamp of={posture.data} />}
          </main>
        </div>
      </div>
      <Keys />
    </>
  );
}

const SAYS: Readonly<Record<Live, string>> = { live: 'Live', 'catching-up': 'Catching up', 'not-connected': 'Not connected' };

function Standing({
  live,
  held,
  asOf,
  size,
}: {
  readonly live: Live;
  readonly held: boolean;
  readonly asOf: string | undefined;
  readonly size: number | undefined;
}) {
  return (
    <span className={held ? 'live held' : `live ${live}`} role="status">
      <b />
      {held ? `Held at ${asOf === undefined ? '…' : spoken(asOf)}` : SAYS[live]}
      {!held && size !== undefined && (
        <span className="w">
          {live === 'live' ? 'checkpoint' : 'figures as of checkpoint'} {size.toLocaleString('en')}
        </span>
      )}
    </span>
  );
}

/** The path that was walked. Each page names its own steps by `crumbs` of its route. */
function Crumbs() {
  const matches = useMatches();
  const time = useTime();
  const steps = matches.flatMap(({ staticData, params }) => staticData.crumbs?.(params as Record<string, string>) ?? []);
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      {steps.map(({ text, to }, place) => (
        <span key={text}>
          {place > 0 && <i aria-hidden="true">/</i>}
          {to === undefined ? (
            <span aria-current="page">{text}</span>
          ) : (
            <Link to={to} search={time}>
              {text}
            </Link>
          )}
        </span>
      ))}
    </nav>
  );
}

/** Everything the page is a function of, so that anyone can perform it again. */
function Stamp({ of: { checkpoint, catalog, code, asOf } }: { readonly of: Answer<'posture', 'read'> }) {
  const time = useTime();
  const command = `npx tickmark status${time.at === undefined ? '' : ` --as-of ${time.at}`}${time.known === undefined ? '' : ` --as-known-at ${time.known}`}`;
  const [copied, setCopied] = useState(false);
  return (
    <footer className="stamp">
      <span>Performed from</span>
      <span>
        log{' '}
        <code>
          {checkpoint.size} {checkpoint.root.slice(0, 12)}…
        </code>
      </span>
      <span>
        catalog <code>{catalog.slice(0, 12)}</code>
      </span>
      <span>
        code <code>{code}</code>
      </span>
      <span>
        instant <code>{asOf}</code>
      </span>
      <button
        type="button"
        className="linkish"
        onClick={() => {
          void navigator.clipboard.writeText(command).then(() => setCopied(true));
        }}
      >
        {copied ? 'Copied' : 'Copy as command'}
      </button>
    </footer>
  );
}
