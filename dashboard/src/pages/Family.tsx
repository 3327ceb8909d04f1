import { Link, useParams } from '@tanstack/react-router';
import { Fragment } from 'react';
import { several } from '../../../src/core/spoken.ts';
import { FAMILIES, type Family } from '../../../src/core/families.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { FamilyChart } from '../charts/FamilyChart.tsx';
import { DeviationsOverTime } from '../charts/OverTime.tsx';
import { ControlsOverPeriod } from '../parts/ControlStrips.tsx';
import { InTurn } from '../parts/InTurn.tsx';
import { ORDER, type Shown, Status, shownAs } from '../parts/Status.tsx';
import { askedAt, useTime } from '../time.ts';
import { Deviating } from './Deviating.tsx';
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
            <Deviating title="What deviates now" controls={mine} asOf={asOf} />
            <FamilyChart family={its} controls={mine} now={asOf} />
            <InTurn>
              <ControlsOverPeriod title={`${its.title}: its controls over the period`} of={(id) => id.startsWith(its.prefix)} />
            </InTurn>
            {its.chart !== undefined && (
              <InTurn>
                <DeviationsOverTime controls={mine.map(({ id }) => id)} now={asOf} />
              </InTurn>
            )}
            <InTurn>
              <Populations checks={read} connect={its.connect} register={its.register} />
            </InTurn>
          </Fragment>
        );
      }}
    </Answered>
  );
}

function answerOf({ title }: Family, controls: readonly Control[]): string {
  const count = (of: Shown) => controls.filter((control) => shownAs(control) === of).length;
  const [fail, unknown, waived] = [count('fail'), count('unknown'), count('waived')];
  const one = (of: number, says: string, many: string) => `${of} ${of === 1 ? says : many}`;
  if (controls.length === 0) return `${title}: no control of it is in the catalogue.`;
  if (fail + unknown + waived === 0)
    return `${title}: ${controls.length === 1 ? 'its one control does not fail' : `none of ${controls.length} controls fails`} and none is unknown.`;
  const parts = [
    `${fail === 0 ? 'none' : fail} of ${several(controls.length, 'control')} ${fail > 1 ? 'fail' : 'fails'}`,
    ...(unknown > 0 ? [one(unknown, 'is unknown', 'are unknown')] : []),
    ...(waived > 0 ? [one(waived, 'is waived', 'are waived')] : []),
  ];
  return `${title}: ${parts.join(', ')}.`;
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
