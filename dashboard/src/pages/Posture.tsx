import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { ControlsOverPeriod } from '../parts/ControlStrips.tsx';
import { InTurn } from '../parts/InTurn.tsx';
import { Panel } from '../parts/Panel.tsx';
import { PostureOverTime } from '../charts/OverTime.tsx';
import { Head } from '../parts/Facts.tsx';
import { Glyph, ORDER, type Shown, Status, shownAs, WORDS } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import { told } from '../parts/told.ts';
import { Beginning } from './start/Beginning.tsx';
import { askedAt, spoken, spokenMinute, useTime } from '../time.ts';
import { Changed } from './Changed.tsx';

type Posture = Answer<'posture', 'read'>;
type Criterion = Posture['criteria'][number];
type Control = Posture['controls'][number];

/** What is not true now, and what stops being true next. */
export function PosturePage() {
  const time = useTime();
  const answer = useAnswer<Posture>('/posture', askedAt(time));
  return <Answered answer={answer}>{(posture) => <Page posture={posture} />}</Answered>;
}

function Page({ posture }: { readonly posture: Posture }) {
  const inScope = posture.criteria.filter(({ status }) => status !== null);
  const counts = new Map(ORDER.map((of) => [of, inScope.filter((it) => drawnOf(it, posture) === of).length]));
  return (
    <>
      <h1>{answerOf(counts.get('fail') ?? 0, counts.get('unknown') ?? 0)}</h1>
      <p className="sub">
        {posture.company} against {inScope.length} of {posture.criteria.length} trust services criteria. A criterion passes only by complete evidence, collected
        within its freshness, in which no item deviates.
      </p>
      <Beginning />
      <Tally counts={counts} />
      <Matrix posture={posture} />
      <InTurn>
        <PostureOverTime now={posture.asOf} />
      </InTurn>
      <InTurn>
        <div className="two">
          <div>
            <Open posture={posture} />
          </div>
          <div>
            <Next posture={posture} />
            <Changed now={posture.asOf} />
          </div>
        </div>
        <LeftOut controls={posture.controls} />
      </InTurn>
      <InTurn>
        <ControlsOverPeriod title="Every control over the period" of={() => true} />
      </InTurn>
      <InTurn>
        <Controls posture={posture} />
      </InTurn>
    </>
  );
}

function answerOf(fail: number, unknown: number): string {
  const criteria = (count: number) => `${count} ${count === 1 ? 'criterion' : 'criteria'}`;
  if (fail + unknown === 0) return 'No criterion fails and none is unknown.';
  if (fail === 0) return `No criterion fails and ${criteria(unknown)} ${unknown === 1 ? 'is' : 'are'} unknown.`;
  return `${criteria(fail)} ${fail === 1 ? 'fails' : 'fail'} and ${unknown === 0 ? 'none is' : `${unknown} ${unknown === 1 ? 'is' : 'are'}`} unknown.`;
}

const MEANS: Readonly<Record<Shown, string>> = {
  fail: 'an item deviates',
  unknown: 'evidence is missing',
  waived: 'accepted for now',
  pass: 'no deviation',
  empty: 'nothing occurred',
  excluded: 'left out',
};

/** A criterion is shown as waived where nothing but waived deviations is left. */
function drawnOf({ status, controls }: Criterion, { controls: all }: Posture): Shown | null {
  if (status === null) return null;
  const worst = all.filter(({ id, status: its }) => controls.includes(id) && its === 'fail');
  return status === 'fail' && worst.length > 0 && worst.every((control) => shownAs(control) === 'waived') ? 'waived' : status;
}

const Tally = ({ counts }: { readonly counts: ReadonlyMap<Shown, number> }) => (
  <div className="tally">
    {ORDER.filter((of) => of !== 'excluded' && (of !== 'waived' || (counts.get(of) ?? 0) > 0)).map((of) => {
      const loud = of === 'fail' || of === 'unknown';
      return (
        <div key={of} className={loud ? undefined : 'quiet'}>
          <b className={loud ? `c-${of}` : undefined}>{counts.get(of) ?? 0}</b>
          <Status of={of} />
          <small>{MEANS[of]}</small>
        </div>
      );
    })}
  </div>
);

function Matrix({ posture }: { readonly posture: Posture }) {
  const time = useTime();
  const series = Map.groupBy(posture.criteria, ({ series: id }) => id);
  return (
    <section className="panel matrix" aria-label="Criteria by series">
      {[...series].map(([id, its]) => (
        <div className="mrow" key={id}>
          <span>
            <b>{id}</b> {its[0]?.seriesTitle}
          </span>
          <div className="cells">
            {its.map((criterion) => {
              const of = drawnOf(criterion, posture);
              return (
                <Link
                  key={criterion.id}
                  className={`cell ${of ?? 'off'}`}
                  to="/criteria/$id"
                  params={{ id: criterion.id }}
                  search={time}
                  title={`${criterion.id} ${criterion.title}: ${of === null ? 'not in scope' : WORDS[of].toLowerCase()}`}
                >
                  {of !== null && <Glyph of={of} />}
                  {criterion.id}
                </Link>
              );
            })}
          </div>
        </div>
      ))}
    </section>
  );
}

/** Controls that fail, then those of which evidence is missing, each with its oldest finding. */
function Open({ posture }: { readonly posture: Posture }) {
  const time = useTime();
  const open = posture.controls
    .filter(({ status }) => status === 'fail' || status === 'unknown')
    .toSorted((a, b) => Number(b.status === 'fail') - Number(a.status === 'fail') || Number(shownAs(a) === 'waived') - Number(shownAs(b) === 'waived'));
  const noted = useAnswer<Answer<'findings', 'deviations'>>('/deviations', { ...askedAt(time), limit: 500 });
  return (
    <Panel title="Not passing" note="controls that fail, then those of which evidence is missing" more={{ to: '/findings', text: 'Findings' }}>
      {open.length === 0 && <p className="pad">Every control passes, nothing occurred, or it is excluded.</p>}
      <ul className="open">
        {open.map((control) => {
          const wanted = control.status === 'fail' ? 'deviates' : 'unknown';
          const [oldest] = (noted.data?.deviations ?? [])
            .filter((it) => it.control === control.id && it.verdict === wanted)
            .toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
          const checks = posture.checks.filter(({ id }) => control.checks.includes(id));
          const count = checks.reduce((sum, { deviations, unknowns }) => sum + (control.status === 'fail' ? deviations : unknowns), 0);
          return (
            <li key={control.id} data-row>
              <Glyph of={shownAs(control)} />
              <div>
                <p>
                  <Link to="/controls/$id" params={{ id: control.id }} search={time}>
                    <span className="what">
                      {control.id} {control.title}.
                    </span>
                  </Link>{' '}
                  {oldest ? (
                    <>
                      <bdi>{oldest.item.label}</bdi>: <Told of={oldest.because} />.
                    </>
                  ) : (
                    whyOf(control, checks)
                  )}
                </p>
                <div className="meta">
                  {control.criteria.join(', ')} · {control.owner}
                  {count > 1 && ` · and ${count - 1} more`}
                </div>
              </div>
              <div className="when">
                {oldest?.from && (
                  <>
                    <b>{spokenDuration(Date.parse(posture.asOf) - Date.parse(oldest.from))}</b>since {spokenMinute(oldest.from)}
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function whyOf({ duties, unfed }: Control, checks: Posture['checks']): string {
  if (duties[0]) return `${duties[0].what}: ${told(duties[0].because)}.`;
  const gap = checks.find((check) => check.gap !== null)?.gap;
  if (gap) return `${told(gap)}.`;
  return unfed.length > 0 ? `No source tells of ${unfed.join(', ')}, by which it is examined.` : 'No check examines it.';
}

const WEEK = 7 * 86_400_000;
const FEW = 8;

/** What stops being true if nobody acts: all of the next seven days, and the first few at least. */
function Next({ posture }: { readonly posture: Posture }) {
  const time = useTime();
  const [whole, setWhole] = useState(false);
  const answer = useAnswer<Answer<'posture', 'ahead'>>('/ahead', { asOf: time.at });
  const ahead = answer.data?.ahead ?? [];
  const soon = ahead.filter(({ at }) => Date.parse(at) - Date.parse(posture.asOf) <= WEEK).length;
  const shown = whole ? ahead : ahead.slice(0, Math.max(FEW, soon));
  return (
    <Panel title="Breaks next" note={answer.data ? `if nobody acts; ${soon === 0 ? 'none' : soon} within 7 days` : 'if nobody acts'}>
      {answer.data && ahead.length === 0 && <p className="pad">Nothing stops being true by itself in the next 90 days.</p>}
      <ul className="next">
        {shown.map(({ at, check, controls, item, because }) => (
          <li key={`${at} ${check} ${item.source} ${item.key}`} data-row>
            <b title={spoken(at)}>{spoken(at).slice(0, 10)}</b>
            <span>
              <bdi>{item.label}</bdi>: <Told of={because} />, in {spokenDuration(Date.parse(at) - Date.parse(posture.asOf))}{' '}
              {controls.map((id) => (
                <Link key={id} className="tag" to="/controls/$id" params={{ id }} search={time}>
                  {id}
                </Link>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < ahead.length && (
        <p className="pad">
          <button type="button" className="linkish" onClick={() => setWhole(true)}>
            Show {ahead.length - shown.length} more up to {spoken(ahead.at(-1)?.at ?? '').slice(0, 10)}
          </button>
        </p>
      )}
    </Panel>
  );
}

function LeftOut({ controls }: { readonly controls: readonly Control[] }) {
  const time = useTime();
  const its = controls.filter(({ excluded, notExcluded }) => excluded !== null || notExcluded !== null);
  if (its.length === 0) return null;
  return (
    <Panel title="Left out by the company" note="excluded is no pass">
      <ul className="open">
        {its.map(({ id, title, status, excluded, notExcluded }) => (
          <li key={id}>
            <Glyph of={status} />
            <div>
              <p>
                <Link to="/controls/$id" params={{ id }} search={time}>
                  <span className="what">
                    {id} {title}.
                  </span>
                </Link>{' '}
                {excluded
                  ? `Excluded since ${spoken(excluded.since)} because "${excluded.because}", approved by ${excluded.by}. Nothing is said of its operation from then on, and that is no pass.`
                  : notExcluded}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Controls({ posture }: { readonly posture: Posture }) {
  const time = useTime();
  const by = new Map(posture.checks.map((check) => [check.id, check]));
  return (
    <Panel title="Controls" note={`${posture.controls.length} in the catalogue`}>
      <div className="scroll">
        <table>
          <Head of={['Status', 'Control', 'Criteria', 'Owner', { num: 'Items' }, { num: 'Deviate' }, { num: 'Unknown' }]} />
          <tbody>
            {posture.controls.map((control) => {
              const checks = control.checks.flatMap((id) => by.get(id) ?? []);
              const sum = (of: 'examined' | 'deviations' | 'unknowns') => checks.reduce((total, check) => total + check[of], 0);
              return (
                <tr key={control.id} data-row>
                  <td>
                    <Status of={shownAs(control)} />
                  </td>
                  <td>
                    <Link to="/controls/$id" params={{ id: control.id }} search={time}>
                      <b className="id">{control.id}</b> {control.title}
                    </Link>
                  </td>
                  <td>
                    {control.criteria.map((id) => (
                      <Link key={id} className="tag" to="/criteria/$id" params={{ id }} search={time}>
                        {id}
                      </Link>
                    ))}
                  </td>
                  <td>{control.owner}</td>
                  <td className="num">{sum('examined')}</td>
                  <td className="num">{sum('deviations')}</td>
                  <td className="num">{sum('unknowns')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
