import { Link, useParams } from '@tanstack/react-router';
import { Fragment } from 'react';
import { FAMILIES, type Family } from '../../../src/core/families.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { FamilyChart } from '../charts/FamilyChart.tsx';
import { DeviationsOverTime } from '../charts/OverTime.tsx';
import { ControlStrips } from '../parts/ControlStrips.tsx';
import { InTurn } from '../parts/InTurn.tsx';
import { Panel } from '../parts/Panel.tsx';
import { ORDER, Status, shownAs } from '../parts/Status.tsx';
import { asked, askedAt, useTime } from '../time.ts';
import { Populations } from './FamilyRows.tsx';

type Posture = Answer<'posture', 'read'>;
type Control = Posture['controls'][number];

/** One page for every family: its controls over the period, the chart that says most, and the populations that its checks examine, row by row. */
export function FamilyPage() {
  const { family = '' } = useParams({ strict: false });
  const time = useTime();
  const its = FAMILIES.find(({ id }) => id === family);
  const posture = useAnswer<Posture>('/posture', askedAt(time));
  if (!its)
    return (
      <div className="refused">
        <h1>No such family.</h1>
        <p className="sub">There are: {FAMILIES.map(({ id }) => id).join(', ')}.</p>
      </div>
    );
  return (
    <Answered answer={posture}>
      {({ controls, checks, asOf }) => {
        const mine = controls.filter(({ id }) => id.startsWith(its.prefix));
        const read = checks.filter(({ id }) => mine.some((control) => control.checks.includes(id)));
        return (
          <Fragment key={family}>
            <h1>{answerOf(its, mine)}</h1>
            <p className="sub">{its.asks}.</p>
            {mine.length === 0 ? <NoControls family={its} /> : <Unfed family={its} controls={mine} />}
            <Controls controls={mine} />
            <FamilyChart family={its} controls={mine} now={asOf} />
            <InTurn>
              <OverPeriod prefix={its.prefix} />
            </InTurn>
            {its.chart !== undefined && (
              <InTurn>
                <DeviationsOverTime controls={mine.map(({ id }) => id)} now={asOf} />
              </InTurn>
            )}
            <InTurn>
              <Populations checks={read} connect={its.connect} />
            </InTurn>
          </Fragment>
        );
      }}
    </Answered>
  );
}

function answerOf({ title }: Family, controls: readonly Control[]): string {
  const count = (of: Control['status']) => controls.filter(({ status }) => status === of).length;
  const [fail, unknown] = [count('fail'), count('unknown')];
  if (controls.length === 0) return `${title}: no control of it is in the catalogue.`;
  if (fail + unknown === 0) return `${title}: none of ${controls.length} controls fails and none is unknown.`;
  return `${title}: ${fail} of ${controls.length} controls ${fail === 1 ? 'fails' : 'fail'}${unknown === 0 ? '' : `, ${unknown} ${unknown === 1 ? 'is' : 'are'} unknown`}.`;
}

const NoControls = ({ family: { prefix, connect } }: { readonly family: Family }) => (
  <p className="notice" role="note">
    Controls of this family have ids that begin with {prefix}: the company can add its own in the folder controls. {connect}
  </p>
);

/** Which evidence is missing altogether, and what would tell. */
function Unfed({ family: { connect }, controls }: { readonly family: Family; readonly controls: readonly Control[] }) {
  const time = useTime();
  const unfed = [...new Set(controls.flatMap((control) => control.unfed))].sort();
  if (unfed.length === 0) return null;
  return (
    <p className="notice" role="note">
      No source tells of <span className="mono">{unfed.join(', ')}</span>, by which some of it is examined: that stays unknown. {connect}{' '}
      <Link className="link" to="/sources" search={time}>
        Sources
      </Link>
    </p>
  );
}

function Controls({ controls }: { readonly controls: readonly Control[] }) {
  const time = useTime();
  if (controls.length === 0) return null;
  return (
    <ul className="fcontrols">
      {controls
        .toSorted((a, b) => ORDER.indexOf(shownAs(a)) - ORDER.indexOf(shownAs(b)) || (a.id < b.id ? -1 : 1))
        .map((control) => (
          <li key={control.id}>
            <Link to="/controls/$id" params={{ id: control.id }} search={time} title={control.title}>
              <Status of={shownAs(control)}>{control.id}</Status> <span>{control.title}</span>
            </Link>
          </li>
        ))}
    </ul>
  );
}

function OverPeriod({ prefix }: { readonly prefix: string }) {
  const time = useTime();
  const strips = useAnswer<Answer<'posture', 'strips'>>('/strips', asked(time));
  const its = strips.data?.controls.filter(({ id }) => id.startsWith(prefix)) ?? [];
  if (!strips.data || its.length === 0) return null;
  return (
    <Panel title="Over the period" note="each control at every instant">
      <div className="strips" role="group" aria-label="Controls over the period">
        <ControlStrips of={strips.data} controls={its} />
      </div>
    </Panel>
  );
}
