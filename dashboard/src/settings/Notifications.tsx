import { spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Fact, Head } from '../parts/Facts.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel } from '../parts/Panel.tsx';
import { SettingsPage } from './Overview.tsx';

type Rules = Answer<'alerts', 'rules'>;
type Times = Answer<'settings', 'notifications'>;

/** Whom alerts reach, how soon, and by which way. */
export function NotificationsPage() {
  const rules = useAnswer<Rules>('/alerts/rules');
  const times = useAnswer<Times>('/settings/notifications');
  return (
    <SettingsPage>
      <Answered answer={rules}>{(its) => (times.data ? <Page rules={its} times={times.data} /> : null)}</Answered>
    </SettingsPage>
  );
}

function Page({ rules: { rules, routes, channels }, times }: { readonly rules: Rules; readonly times: Times }) {
  const outside = channels.filter(({ kind }) => kind !== 'terminal').length;
  return (
    <>
      <h1>
        {outside === 0
          ? 'Alerts reach nobody but who looks at the terminal or at this dashboard.'
          : `Alerts reach people by ${outside} ${outside === 1 ? 'channel' : 'channels'}${times.quiet ? `, but for quiet hours from ${times.quiet.from} to ${times.quiet.to}` : ', at any hour'}.`}
      </h1>
      <p className="sub">
        These are settings of <code>tickmark.yaml</code>, under <code>alerts</code>: a change of them is a record at the next start, so that nobody silences an
        alarm without a trace.
      </p>
      <dl className="facts">
        <Fact name="Quiet hours">
          {times.quiet ? `${times.quiet.from} to ${times.quiet.to}, ${times.quiet.timezone}${times.quiet.weekends ? ', and weekends' : ''}` : 'none'}
        </Fact>
        <Fact name="Acknowledged and not resolved">asked about again after {spokenDuration(times.resume)}</Fact>
        <Fact name="The same cause again">reopens the alert within {spokenDuration(times.reopen)}</Fact>
        <Fact name="Evidence that it is gone">
          waited for {spokenDuration(times.recheck.real)}, of what was harmless {spokenDuration(times.recheck.other)}
        </Fact>
      </dl>
      <Channels channels={channels} />
      <Panel title="Routes" note="whom an alert reaches, so long after it was raised; a critical one in quiet hours too">
        <Scroll>
          <table>
            <Head of={['Route', 'Steps', 'Rules that take it']} />
            <tbody>
              {routes.map(({ name, steps }) => (
                <tr key={name} data-row>
                  <td>{name}</td>
                  <td>
                    {steps.map(({ after, to }) => (
                      <span key={after} className="step">
                        <b>{after === 0 ? 'at once' : `after ${spokenDuration(after)}`}</b> {to.join(', ')}
                      </span>
                    ))}
                  </td>
                  <td>
                    {rules
                      .filter(({ route }) => route === name)
                      .map((rule) => rule.name)
                      .join(', ') || 'none'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <Panel title="Rules" note="when an alert is raised">
        <Scroll>
          <table>
            <Head of={['Rule', 'On', 'Severity', 'Route', 'In quiet hours']} />
            <tbody>
              {rules.map(({ name, on, severity, route, quiet }) => (
                <tr key={name} data-row>
                  <td>{name}</td>
                  <td>{on}</td>
                  <td>{severity ?? 'as its cause is'}</td>
                  <td>{route}</td>
                  <td>{quiet ? 'held back, unless critical' : 'told at once'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
    </>
  );
}

function Channels({ channels }: { readonly channels: Rules['channels'] }) {
  const me = useMe();
  const { act, busy, said } = useAct();
  const mayTry = me.data?.permissions.includes('alerts.configure') ?? false;
  return (
    <Panel title="Channels" note={`${channels.length}`}>
      <Scroll>
        <table>
          <Head of={['Channel', 'Kind', ...(mayTry ? [{ listen: 'Try it' }] : [])]} />
          <tbody>
            {channels.map(({ name, kind }) => (
              <tr key={name} data-row>
                <td>{name}</td>
                <td>{kind}</td>
                {mayTry && (
                  <td>
                    <button
                      type="button"
                      className="linkish"
                      disabled={busy}
                      onClick={() =>
                        void act(send<Answer<'alerts', 'test'>>('POST', `/alerts/channels/${encodeURIComponent(name)}/test`), ({ taken, because }) =>
                          taken ? `${name} took the trial message.` : `${name} did not take the trial message: ${because}`,
                        )
                      }
                    >
                      Send a trial message by {name}
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {said && (
        <div className="pad">
          <ActSaid said={said} />
        </div>
      )}
    </Panel>
  );
}
