import { type ReactNode, useState } from 'react';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { CAUSES } from '../acts/causes.ts';
import { useActing } from '../acts/may.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Fact, Head } from '../parts/Facts.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { useCareful } from './Careful.tsx';
import { type Editor, editorOf, nameOf, rulesOf } from './notify/alerts.ts';
import { AddChannel } from './notify/Channels.tsx';
import { RouteForm } from './notify/RouteForm.tsx';
import { RuleForm } from './notify/RuleForm.tsx';
import { TimesForm } from './notify/TimesForm.tsx';
import { SettingsPage } from './Overview.tsx';

type Rules = Answer<'alerts', 'rules'>;
type Times = Answer<'settings', 'notifications'>;
type EditForm = Answer<'settings', 'notificationsForm'>;

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

function Page({ rules, times }: { readonly rules: Rules; readonly times: Times }) {
  const { may, held } = useActing();
  const outside = rules.channels.filter(({ kind }) => kind !== 'terminal').length;
  return (
    <>
      <h1>
        {outside === 0
          ? 'Alerts reach nobody but who looks at the terminal or at this dashboard.'
          : `Alerts reach people by ${outside} ${outside === 1 ? 'channel' : 'channels'}${times.quiet ? `, but for quiet hours from ${times.quiet.from} to ${times.quiet.to}` : ', at any hour'}.`}
      </h1>
      <p className="sub">
        A rule raises an alert, a route brings it to channels, step by step, until somebody takes it. All of it stands in <code>tickmark.yaml</code>, and a
        change is a record in the log, so that nobody silences an alarm without a trace.
      </p>
      {may('alerts.configure') && held === null ? <Editable rules={rules} times={times} /> : <Told rules={rules} times={times} editor={null} />}
    </>
  );
}

function Editable({ rules, times }: { readonly rules: Rules; readonly times: Times }) {
  const form = useAnswer<EditForm>('/settings/notifications/form');
  const careful = useCareful();
  return (
    <Answered answer={form}>
      {(its) => (
        <>
          {its.refused !== null && (
            <p className="notice" role="note">
              {its.refused}
            </p>
          )}
          <ActSaid said={careful.said} />
          {careful.confirming}
          <Told rules={rules} times={times} editor={its.refused === null ? editorOf(its, careful) : null} />
        </>
      )}
    </Answered>
  );
}

/** @param editor none, where it is told alone */
function Told({ rules: { rules, routes, channels }, times, editor }: { readonly rules: Rules; readonly times: Times; readonly editor: Editor | null }) {
  const [open, setOpen] = useState<string | null>(null);
  const change = (what: string, says: ReactNode, label?: string) =>
    editor && (
      <button type="button" className="linkish" aria-label={label} aria-expanded={open === what} onClick={() => setOpen(open === what ? null : what)}>
        {says}
      </button>
    );
  // Closes what was saved, and nothing that was opened meanwhile.
  const done = () => setOpen((now) => (now === open ? null : now));
  const without = <Value,>(all: Readonly<Record<string, Value>> | undefined, name: string) =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([its]) => its !== name));
  const take = (name: string, next: () => Parameters<Editor['save']>[0], what: string) =>
    editor && (
      <button
        type="button"
        className="linkish"
        disabled={editor.busy}
        aria-label={`Take the ${what} ${name} away`}
        onClick={() => void editor.save(next(), `The ${what} ${name} is gone.`)}
      >
        Take away
      </button>
    );
  return (
    <>
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
      {editor && <p className="acts">{change('times', 'Change these times')}</p>}
      {editor && open === 'times' && (
        <section className="panel">
          <TimesForm editor={editor} onDone={done} />
        </section>
      )}
      <Panel
        title="Channels"
        note={`${channels.length}; the terminal is always there`}
        aside={<span className="more">{change('channel', 'Add a channel')}</span>}
      >
        {editor && open === 'channel' && <AddChannel editor={editor} onDone={done} />}
        <Channels
          channels={channels}
          taking={(name) => name !== 'terminal' && take(name, () => ({ channels: without(editor?.alerts.channels, name) }), 'channel')}
        />
      </Panel>
      <Panel
        title="Routes"
        note="whom an alert reaches, so long after it was raised; a critical one in quiet hours too"
        aside={<span className="more">{change('route', 'Add a route')}</span>}
      >
        {editor && open === 'route' && <RouteForm editor={editor} name={null} onDone={done} />}
        {editor && open?.startsWith('route ') && <RouteForm key={open} editor={editor} name={open.slice(6)} onDone={done} />}
        <Scroll>
          <table>
            <Head of={['Route', 'Steps', 'Rules that take it', ...(editor ? [{ listen: 'Change' }] : [])]} />
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
                  {editor && (
                    <td className="doing">
                      {change(`route ${name}`, 'Change', `Change the route ${name}`)}
                      {editor.alerts.routes?.[name] && take(name, () => ({ routes: without(editor.alerts.routes, name) }), 'route')}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <Panel title="Rules" note="when an alert is raised" aside={<span className="more">{change('rule', 'Add a rule')}</span>}>
        {editor && open === 'rule' && <RuleForm editor={editor} name={null} onDone={done} />}
        {editor && open?.startsWith('rule ') && <RuleForm key={open} editor={editor} name={open.slice(5)} onDone={done} />}
        <Scroll>
          <table>
            <Head of={['Rule', 'When', 'Severity', 'Route', 'In quiet hours', ...(editor ? [{ listen: 'Change' }] : [])]} />
            <tbody>
              {rules.map(({ name, on, severity, route, quiet }) => (
                <tr key={name} data-row>
                  <td>{name}</td>
                  <td>{CAUSES[on]}</td>
                  <td>{severity ?? 'as its cause is'}</td>
                  <td>{route}</td>
                  <td>{quiet ? 'held back, unless critical' : 'told at once'}</td>
                  {editor && (
                    <td className="doing">
                      {change(`rule ${name}`, 'Change', `Change the rule ${name}`)}
                      {take(name, () => ({ rules: rulesOf(editor.alerts).filter((rule) => nameOf(rule) !== name) }), 'rule')}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
    </>
  );
}

function Channels({ channels, taking }: { readonly channels: Rules['channels']; readonly taking: (name: string) => ReactNode }) {
  const { may } = useActing();
  const { act, busy, said } = useAct();
  const mayTry = may('alerts.configure');
  return (
    <>
      <Scroll>
        <table>
          <Head of={['Channel', 'Kind', ...(mayTry ? [{ listen: 'Try it' }] : [])]} />
          <tbody>
            {channels.map(({ name, kind }) => (
              <tr key={name} data-row>
                <td>{name}</td>
                <td>{kind}</td>
                {mayTry && (
                  <td className="doing">
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
                    {taking(name)}
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
    </>
  );
}
