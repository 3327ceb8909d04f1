import { Link, useParams } from '@tanstack/react-router';
import { AlertActs } from '../acts/AlertActs.tsx';
import { AlertTimeline } from '../acts/AlertTimeline.tsx';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { ControlTags, Fact } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken, useTime } from '../time.ts';
import { ALERT_GLYPHS } from './Alerts.tsx';

type Whole = Answer<'alerts', 'read'>;

/** One alert: who did what, with its records, and whom it reached. */
export function AlertPage() {
  const { id = '' } = useParams({ strict: false });
  const answer = useAnswer<Whole>(`/alerts/${encodeURIComponent(id)}`);
  return <Answered answer={answer}>{(alert) => <Page key={alert.id} alert={alert} />}</Answered>;
}

function Page({ alert }: { readonly alert: Whole }) {
  const time = useTime();
  return (
    <>
      <h1>
        <bdi>{alert.title}</bdi>
      </h1>
      <dl className="facts">
        <Fact name="State">
          <Glyph of={ALERT_GLYPHS[alert.state]} label={alert.state} /> {alert.state}
          {alert.lasts ? '' : ', its cause has ended'}
        </Fact>
        <Fact name="Severity">{alert.severity}</Fact>
        <Fact name="Raised">
          {spoken(alert.raisedAt)} by {alert.rule}
        </Fact>
        <Fact name="With">
          <bdi>{alert.assignee ?? alert.acknowledged?.by ?? 'nobody'}</bdi>
        </Fact>
        {alert.controls.length > 0 && (
          <Fact name="Controls">
            <ControlTags of={alert.controls} />
          </Fact>
        )}
      </dl>
      <p className="sub">
        <bdi>{alert.cause}</bdi>{' '}
        <Link className="link" to={alert.path} search={time}>
          What it is about
        </Link>
      </p>
      {alert.resolved && (
        <p className="notice" role="note">
          Resolved {spoken(alert.resolved.at)} by {alert.resolved.by}, {alert.resolved.conclusion.replace('_', ' ')}: <bdi>{alert.resolved.cause}</bdi>
        </p>
      )}
      <AlertTimeline of={alert} />
      {alert.state !== 'resolved' && <AlertActs key={alert.state} alert={alert} />}
      <div className="half">
        <Panel title="What was done" note="each a record">
          <ul className="next history">
            {alert.acts.map(({ seq, at, by, says, knownBy, record }) => (
              <li key={seq}>
                <b>{spoken(at)}</b>
                <span>
                  <bdi>{by}</bdi>: <bdi>{says}</bdi> {knownBy === 'none' && <small className="c-unknown">not authenticated</small>}{' '}
                  {record !== null && <Records of={[record]} />}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="Whom it reached" note={`${alert.notifications.length}`}>
          <ul className="next history">
            {alert.notifications.map(({ id, channel, says, due, state, attempts, error, doneAt }) => (
              <li key={id}>
                <b>{spoken(doneAt ?? due)}</b>
                <span>
                  <Glyph of={state === 'sent' ? 'pass' : state === 'failed' ? 'fail' : 'empty'} label={state} /> {channel}: {says}
                  {state !== 'sent' && `, ${state}`}
                  {attempts > 1 && `, ${attempts} attempts`} {error !== null && <span className="c-fail">{error}</span>}
                </span>
              </li>
            ))}
            {alert.notifications.length === 0 && <li className="none">Nobody was told: no channel is configured for its route.</li>}
          </ul>
        </Panel>
      </div>
    </>
  );
}
