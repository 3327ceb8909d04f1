import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useState } from 'react';
import { Answered, useAnswer } from '../../api/answer.tsx';
import { useShown } from '../../time.ts';
import type { Catalogue } from '../connect/Catalogue.tsx';
import { BeginPage } from './Begin.tsx';
import { FirstFinding } from './FirstFinding.tsx';
import { FirstRun } from './FirstRun.tsx';
import { FirstSource } from './FirstSource.tsx';
import { Invite } from './Invite.tsx';
import type { Its, Posture, Sources } from './its.ts';
import { People } from './People.tsx';
import { Scope } from './Scope.tsx';
import { StillUnknown } from './StillUnknown.tsx';
import './start.css';

const STEPS = {
  scope: 'Scope',
  source: 'First source',
  run: 'First run',
  people: 'People',
  finding: 'First finding',
  unknown: 'What is unknown',
  invite: 'Invite',
} as const;
type Step = keyof typeof STEPS;
const ORDER = Object.keys(STEPS) as readonly Step[];
const SHOWS: Readonly<Record<Step, (its: Its) => ReactNode>> = {
  scope: Scope,
  source: FirstSource,
  run: FirstRun,
  people: People,
  finding: FirstFinding,
  unknown: StillUnknown,
  invite: Invite,
};

/** The first ten minutes: of the made-up company how one's own is begun, of one's own what comes next. It can be left, and goes on where it was. */
export function StartPage() {
  const posture = useAnswer<Posture>('/posture');
  return <Answered answer={posture}>{(its) => (its.demo ? <BeginPage /> : <Steps posture={its} />)}</Answered>;
}

function Steps({ posture }: { readonly posture: Posture }) {
  const sources = useAnswer<{ readonly sources: Sources }>('/sources');
  const catalogue = useAnswer<Catalogue>('/collectors');
  return (
    <Answered answer={sources}>
      {({ sources: its }) => <Answered answer={catalogue}>{(all) => <Walk posture={posture} sources={its} catalogue={all} />}</Answered>}
    </Answered>
  );
}

function Walk(its: Omit<Its, 'next'>) {
  const navigate = useNavigate();
  const shown = useShown();
  const asked = ORDER.find((it) => it === shown);
  const [seen, see] = useSeen();
  const done = doneOf(its, seen);
  const step = asked ?? ORDER.find((it) => !done.has(it)) ?? 'unknown';
  const next = useCallback(() => {
    see(step);
    const following = ORDER[ORDER.indexOf(step) + 1];
    void (following === undefined ? navigate({ to: '/' }) : navigate({ to: '/start', search: { show: following } }));
  }, [step, see, navigate]);
  const Shown = SHOWS[step];
  return (
    <div className="start">
      <nav className="steps" aria-label="The first ten minutes">
        <ol>
          {ORDER.map((it) => (
            <li key={it}>
              <Link to="/start" search={{ show: it }} aria-current={it === step ? 'step' : undefined}>
                <span className="tick" aria-hidden="true">
                  {done.has(it) ? '✓' : ''}
                </span>
                {STEPS[it]}
                {done.has(it) && <span className="listen">, done</span>}
              </Link>
            </li>
          ))}
        </ol>
        <p className="hint">You can leave at any time: this page goes on where you were.</p>
      </nav>
      <div className="step">
        <Shown {...its} next={next} />
      </div>
    </div>
  );
}

/** What is done follows from the company itself; of steps that are only looked at, this browser remembers that they were. */
function doneOf({ sources }: Omit<Its, 'next'>, seen: ReadonlySet<string>): ReadonlySet<Step> {
  const asked = sources.filter(({ partitions }) => partitions.some(({ last }) => last !== null));
  const told = sources.some(({ feeds, partitions }) => feeds.includes('hr.workers') && partitions.some(({ last }) => last?.complete));
  return new Set<Step>([
    'scope',
    ...(sources.length > 0 ? (['source'] as const) : []),
    ...(asked.length > 0 ? (['run'] as const) : []),
    ...(told ? (['people'] as const) : []),
    ...ORDER.slice(4).filter((step) => seen.has(step)),
  ]);
}

const KEY = 'tickmark-start-seen';

function useSeen(): readonly [ReadonlySet<string>, (step: string) => void] {
  const [seen, setSeen] = useState<ReadonlySet<string>>(() => new Set((localStorage.getItem(KEY) ?? '').split(' ')));
  const see = useCallback((step: string) => {
    setSeen((before) => {
      const after = new Set([...before, step]);
      localStorage.setItem(KEY, [...after].join(' '));
      return after;
    });
  }, []);
  return [seen, see];
}
