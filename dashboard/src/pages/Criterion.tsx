import { Link, useParams } from '@tanstack/react-router';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { ControlsOverPeriod } from '../parts/ControlStrips.tsx';
import { Deviating } from './Deviating.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Fact } from '../parts/Facts.tsx';
import { Glyph, Status, shownAs } from '../parts/Status.tsx';
import { askedAt, useTime } from '../time.ts';

/** Which controls meet a criterion, and how each stood. */
export function CriterionPage() {
  const { id = '' } = useParams({ strict: false });
  const time = useTime();
  const answer = useAnswer<Answer<'posture', 'criterion'>>(`/criteria/${encodeURIComponent(id)}`, askedAt(time));
  return (
    <Answered answer={answer}>
      {({ criterion, controls, asOf }) => (
        <>
          <h1>
            {criterion.id} {saidOf(criterion.status)}: {criterion.title}
          </h1>
          <p className="sub">{criterion.summary}</p>
          <dl className="facts">
            {criterion.status !== null && (
              <Fact name="Status">
                <Status of={criterion.status} />
              </Fact>
            )}
            <Fact name="Series">
              {criterion.series} {criterion.seriesTitle}
            </Fact>
          </dl>
          {criterion.gap !== null && (
            <p className="notice" role="note">
              No control answers it: this is a gap. {criterion.gap}
            </p>
          )}
          <Deviating title="What deviates now" controls={controls} asOf={asOf} />
          <ControlsOverPeriod title={`Controls of ${criterion.id} over the period`} of={(its) => controls.some((control) => control.id === its)} />
          {controls.length > 0 && (
            <Panel title="Controls that answer it" note={`${controls.length}`}>
              <ul className="open">
                {controls
                  .toSorted((a, b) => RANK.indexOf(a.status) - RANK.indexOf(b.status))
                  .map((control) => (
                    <li key={control.id} data-row>
                      <Glyph of={shownAs(control)} />
                      <div>
                        <p>
                          <Link to="/controls/$id" params={{ id: control.id }} search={time}>
                            <span className="what">
                              {control.id} {control.title}
                            </span>
                          </Link>
                        </p>
                        <div className="meta">
                          {control.owner} · {control.checks.length} checks
                        </div>
                      </div>
                    </li>
                  ))}
              </ul>
            </Panel>
          )}
        </>
      )}
    </Answered>
  );
}

/** What is not known is as loud as what fails. */
const RANK = ['unknown', 'fail', 'pass', 'empty', 'excluded'];

const saidOf = (status: 'fail' | 'unknown' | 'pass' | 'empty' | null): string =>
  status === null ? 'is not in scope' : { fail: 'fails', unknown: 'is unknown', pass: 'passes', empty: 'is empty: nothing occurred' }[status];
