import { Link, useNavigate } from '@tanstack/react-router';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { AlertsBoard } from '../acts/AlertsBoard.tsx';
import { useActing } from '../acts/may.ts';
import { CAUSES } from '../acts/causes.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ResponseChart } from '../charts/Responses.tsx';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Panel } from '../parts/Panel.tsx';
import { ControlTags, Head } from '../parts/Facts.tsx';
import { Glyph } from '../parts/Status.tsx';
import type { Column } from '../parts/Rows.tsx';
import { LongTable } from '../parts/Table.tsx';
import { spoken, useShown, useTime } from '../time.ts';

type List = Answer<'alerts', 'list'>;
type Alert = List['alerts'][number];

const STATES = ['unresolved', 'open', 'acknowledged', 'resolved'] as const;

/** What somebody has to look at, and who answered. */
export function AlertsPage() {
  const time = useTime();
  const navigate = useNavigate();
  const asked = useShown();
  const shown = STATES.find((it) => it === asked);
  const open = useAnswer<List>('/alerts', { state: 'unresolved', limit: 200 });
  return (
    <Answered answer={open}>
      {({ alerts, next }) => (
        <>
          <h1>{answerOf(alerts, next !== null)}</h1>
          <p className="sub">An alert asks somebody to look: it is acknowledged, investigated, and resolved with a cause. Each step is a record in the log.</p>
          <div className="chips" role="group" aria-label="State">
            {(['board', ...STATES] as const).map((state) => (
              <button
                key={state}
                type="button"
                className="chip"
                aria-pressed={state === (shown ?? 'board')}
                onClick={() => void navigate({ to: '.', search: { ...time, ...(state === 'board' ? {} : { show: state }) } })}
              >
                {state}
              </button>
            ))}
          </div>
          {shown === undefined ? (
            <AlertsBoard />
          ) : (
            <section className="panel">
              <LongTable<List, Alert>
                path="/alerts"
                query={{ state: shown }}
                label="Alerts"
                rowsOf={(page) => page.alerts}
                columns={columnsOf(time)}
                empty={shown === 'resolved' ? 'Nothing was resolved yet.' : 'No alert waits for anybody.'}
                onOpen={({ id }) => void navigate({ to: '/alerts/$id', params: { id }, search: time })}
              />
            </section>
          )}
          <ResponseChart />
          <Times />
          <Rules />
        </>
      )}
    </Answered>
  );
}

function answerOf(alerts: readonly Alert[], more: boolean): string {
  const waiting = alerts.filter(({ state }) => state === 'open').length;
  if (alerts.length === 0) return 'No alert waits for anybody.';
  const are = `${alerts.length}${more ? ' or more' : ''} ${alerts.length === 1 ? 'alert is' : 'alerts are'} not resolved`;
  return waiting === 0 ? `${are}, all acknowledged.` : `${are}, ${waiting} not acknowledged.`;
}

export const ALERT_GLYPHS = { open: 'fail', acknowledged: 'unknown', resolved: 'pass' } as const;

const columnsOf = (time: ReturnType<typeof useTime>): readonly Column<Alert>[] => [
  {
    name: 'State',
    width: '136px',
    cell: ({ state }) => (
      <>
        <Glyph of={ALERT_GLYPHS[state]} label={state} /> {state}
      </>
    ),
  },
  {
    name: 'What',
    width: '4fr',
    cell: ({ id, title }) => (
      <Link to="/alerts/$id" params={{ id }} search={time}>
        <bdi>{title}</bdi>
      </Link>
    ),
  },
  { name: 'Severity', width: '84px', cell: ({ severity }) => severity },
  { name: 'Raised', width: '168px', cell: ({ raisedAt }) => spoken(raisedAt) },
  { name: 'With', width: '1fr', cell: ({ assignee, acknowledged }) => <bdi>{assignee ?? acknowledged?.by ?? 'nobody'}</bdi> },
  {
    name: 'Controls',
    width: '1fr',
    cell: ({ controls }) => <ControlTags of={controls} />,
  },
];

type Times = Answer<'alerts', 'times'>['times'][number];

/** How long it took until somebody answered: an alarm that nobody answered is no monitoring. */
function Times() {
  const answer = useAnswer<Answer<'alerts', 'times'>>('/alerts/times');
  if (!answer.data || answer.data.times.length === 0) return null;
  const spokenTime = ({ mean, longest }: Times['acknowledge']) =>
    mean === null ? 'none yet' : `${spokenDuration(mean)}, longest ${spokenDuration(longest ?? mean)}`;
  return (
    <Panel title="Time to answer" note="mean, of the observation period so far">
      <div className="scroll">
        <table>
          <Head of={['System', 'Severity', { num: 'Raised' }, 'To acknowledge', 'To resolve', { num: 'Not resolved' }]} />
          <tbody>
            {answer.data.times.map(({ system, severity, raised, acknowledge, resolve }) => (
              <tr key={`${system} ${severity}`}>
                <td>{system}</td>
                <td>{severity}</td>
                <td className="num">{raised}</td>
                <td>{spokenTime(acknowledge)}</td>
                <td>{spokenTime(resolve)}</td>
                <td className="num">{resolve.open}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Rules() {
  const answer = useAnswer<Answer<'alerts', 'rules'>>('/alerts/rules');
  const { act, busy, said } = useAct();
  const { may, held } = useActing();
  if (!answer.data) return null;
  const { rules, routes, channels } = answer.data;
  return (
    <Panel title="When alerts are raised, and whom they reach" more={{ to: '/settings/notifications', text: 'Notifications' }}>
      <div className="scroll">
        <table>
          <Head of={['Rule', 'When', 'Severity', 'Whom it reaches']} />
          <tbody>
            {rules.map(({ name, on, severity, route }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{CAUSES[on]}</td>
                <td>{severity ?? 'of the control'}</td>
                <td>
                  {routes
                    .find((it) => it.name === route)
                    ?.steps.map(({ after, to }) => `${after === 0 ? 'at once' : `after ${spokenDuration(after)}`}: ${to.join(', ')}`)
                    .join('; ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {may('alerts.configure') && (
        <div className="pad row">
          {channels.map(({ name, kind }) => (
            <button
              key={name}
              type="button"
              className="btn"
              disabled={busy || held !== null}
              onClick={() =>
                void act(send<Answer<'alerts', 'test'>>('POST', `/alerts/channels/${encodeURIComponent(name)}/test`), ({ taken, because }) =>
                  taken ? `${name} took the trial.` : `${name} did not take the trial: ${because}`,
                )
              }
            >
              Send a trial message by {name === kind ? name : `${name} (${kind})`}
            </button>
          ))}
          <ActSaid said={said} />
        </div>
      )}
    </Panel>
  );
}
