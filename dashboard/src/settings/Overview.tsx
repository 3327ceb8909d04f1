import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Answered } from '../api/answer.tsx';
import { mayOpen, type Me, useMe } from '../api/me.ts';
import { useTime } from '../time.ts';
import { SECTIONS } from './sections.ts';
import './settings.css';

/** Around each page of the settings: the ways to the others that one may open. */
export function SettingsPage({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  const time = useTime();
  return (
    <>
      <nav className="subnav" aria-label="Settings">
        {SECTIONS.filter(({ to }) => mayOpen(to, me.data)).map(({ to, text }) => (
          <Link key={to} to={to} search={time} activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
            {text}
          </Link>
        ))}
      </nav>
      {children}
    </>
  );
}

const MAY: Readonly<Record<Me['role'], string>> = {
  admin: 'As an admin you may change all that is set here.',
  manager: 'As a manager you may see what is set here; an admin changes it.',
  member: 'As a member you look after your own account and tokens here.',
  auditor: 'As an auditor you may see how this is run, and change nothing of it.',
};

/** What somebody may do here. */
export function OverviewPage() {
  const me = useMe();
  const time = useTime();
  return (
    <Answered answer={me}>
      {(who) => (
        <>
          <h1>{MAY[who.role]}</h1>
          <p className="sub">
            You are <bdi>{who.name}</bdi>
            {who.kind === 'token' && ', a token'}. Whatever is changed here is a record in the log, under your name.
          </p>
          <section className="panel">
            <ul className="sections">
              {SECTIONS.filter(({ to }) => mayOpen(to, who)).map(({ to, text, says }) => (
                <li key={to} data-row>
                  <Link className="link" to={to} search={time}>
                    {text}
                  </Link>
                  <span>{says}</span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Answered>
  );
}
