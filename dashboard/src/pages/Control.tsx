import { Link, useParams } from '@tanstack/react-router';
import { several } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Fact } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph, Status, shownAs } from '../parts/Status.tsx';
import { told } from '../parts/told.ts';
import { asked, askedAt, spoken, useTime } from '../time.ts';
import { ControlFindings } from './ControlFindings.tsx';
import { type Over, Period } from './ControlPeriod.tsx';

type Now = Answer<'controls', 'read'>;

/** Whether a control operated in the period, and how that is known. */
export function ControlPage() {
  const { id = '' } = useParams({ strict: false });
  const time = useTime();
  const now = useAnswer<Now>(`/controls/${encodeURIComponent(id)}`, askedAt(time));
  const over = useAnswer<Over>(`/controls/${encodeURIComponent(id)}/period`, asked(time));
  return (
    <Answered answer={now}>
      {(its) => (
        <>
          <Top now={its} />
          <Beside control={its.control} />
          <ControlFindings control={its.control.id} />
          <Answered answer={over}>{(period) => <Period over={period} />}</Answered>
          <Missed now={its} />
        </>
      )}
    </Answered>
  );
}

function Top({ now: { control, checks } }: { readonly now: Now }) {
  const time = useTime();
  return (
    <>
      <h1>
        {control.id} {control.title}: {answerOf(control, checks)}
      </h1>
      <p className="sub">{control.statement}</p>
      <dl className="facts">
        <Fact name="Now">
          <Status of={shownAs(control)} />
        </Fact>
        <Fact name="Criteria">
          {control.criteria.map((id) => (
            <Link key={id} className="tag" to="/criteria/$id" params={{ id }} search={time}>
              {id}
            </Link>
          ))}
        </Fact>
        <Fact name="Owner">{control.owner}</Fact>
        {control.policy !== null && <Fact name="Policy">{control.policy}</Fact>}
        <Fact name="Severity">{control.severity}</Fact>
      </dl>
    </>
  );
}

function answerOf({ status, duties }: Now['control'], checks: Now['checks']): string {
  const sum = (of: 'examined' | 'deviations' | 'unknowns') => checks.reduce((total, check) => total + check[of], 0);
  const [examined, deviations, unknowns] = [sum('examined'), sum('deviations'), sum('unknowns')];
  if (status === 'excluded') return 'excluded by the company.';
  if (status === 'empty') return 'nothing occurred, by complete evidence.';
  if (status === 'pass' && deviations > 0) return `${deviations} of ${examined} items ${deviations === 1 ? 'deviates' : 'deviate'}, no more than is tolerated.`;
  if (status === 'pass') return `no deviation among ${several(examined, 'item')}.`;
  if (status === 'fail' && deviations === 0) return `${several(duties.filter((duty) => duty.status === 'fail').length, 'occurrence')} missed.`;
  if (status === 'fail') return `${deviations} ${deviations === 1 ? 'item deviates' : 'items deviate'} of ${examined}.`;
  return unknowns > 0 ? `unknown for ${unknowns} of ${several(examined, 'item')}.` : 'unknown.';
}

function Beside({ control: { excluded, notExcluded, duties, unfed, unexamined, checks } }: { readonly control: Now['control'] }) {
  const notices = [
    ...(excluded
      ? [
          `Excluded since ${spoken(excluded.since)} because "${excluded.because}", approved by ${excluded.by}. Nothing is said of its operation from then on, and that is no pass.`,
        ]
      : []),
    ...(notExcluded === null ? [] : [notExcluded]),
    ...duties.map(({ what, status, because }) => `${what}: ${told(because)}.${status === 'fail' ? ' A deviation of operation until it is.' : ''}`),
    ...(unfed.length === 0 ? [] : [`No source tells of ${unfed.join(', ')}, by which it is examined.`]),
    ...(checks.length === 0 ? ['No check examines this control yet: whether it operates is not known from here.'] : []),
  ];
  return (
    <>
      {notices.map((says) => (
        <p key={says} className="notice" role="note">
          {says}
        </p>
      ))}
      {unexamined.length > 0 && (
        <Panel title="Not examined" note="an auditor may ask for it; no check here answers">
          <ul className="facts-list pad">
            {unexamined.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Missed({ now: { occurrences } }: { readonly now: Now }) {
  if (occurrences.length === 0) return null;
  return (
    <Panel title="What was to happen and was not met" note="in the observation period so far">
      <ul className="next">
        {occurrences.map(({ what, state, due, late, because, records }) => (
          <li key={`${what} ${due}`}>
            <b>{spoken(due)}</b>
            <span>
              <Glyph of={state === 'missed' ? 'fail' : state === 'due' ? 'empty' : 'unknown'} label={state} /> {what}
              {because !== null && `: ${told(because)}`}
              {late !== null && `, done after all on ${spoken(late)}`} <Records of={records} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
