import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { type Shown, Status } from '../parts/Status.tsx';
import { spoken, useTime } from '../time.ts';
import { Held } from './Acts.tsx';
import { useActing } from './may.ts';

type List = Answer<'alerts', 'list'>;
type Alert = List['alerts'][number];

/** So many are shown in a column. */
const CARDS = 24;

/** Alerts by who has them: nobody, somebody, nobody any more. */
export function AlertsBoard() {
  const unresolved = useAnswer<List>('/alerts', { state: 'unresolved', limit: 200 });
  const resolved = useAnswer<List>('/alerts', { state: 'resolved', limit: CARDS });
  const { act, busy, said } = useAct();
  const { may, held } = useActing();
  const take = ({ id }: Alert) =>
    void act(send<Answer<'alerts', 'acknowledge'>>('POST', `/alerts/${encodeURIComponent(id)}/acknowledge`), ({ title }) => `Acknowledged: ${title}`);
  const all = unresolved.data?.alerts;
  const onTake = may('alerts.act') ? take : null;
  return (
    <>
      {onTake && <Held because={held} />}
      <ActSaid said={said} />
      <div className="board three" role="list" aria-label="Alerts by how they stand">
        <Column
          title="Not acknowledged"
          glyph="fail"
          show="open"
          cards={all?.filter(({ state }) => state === 'open')}
          onTake={onTake}
          busy={busy || held !== null}
        />
        <Column
          title="Acknowledged"
          glyph="unknown"
          show="acknowledged"
          cards={all?.filter(({ state }) => state === 'acknowledged')}
          onTake={null}
          busy={busy}
        />
        <Column title="Resolved" glyph="pass" show="resolved" cards={resolved.data?.alerts} onTake={null} busy={busy} />
      </div>
    </>
  );
}

function Column({
  title,
  glyph,
  show,
  cards,
  onTake,
  busy,
}: {
  readonly title: string;
  readonly glyph: Shown;
  readonly show: string;
  readonly cards: readonly Alert[] | undefined;
  /** `null`: there is nothing to take, or who looks may not. */
  readonly onTake: ((alert: Alert) => void) | null;
  readonly busy: boolean;
}) {
  const time = useTime();
  return (
    <section className="board-column" role="listitem" aria-label={title}>
      <h2>
        <Status of={glyph}>{title}</Status>
      </h2>
      {cards?.length === 0 && <p className="faint board-none">Nothing.</p>}
      {cards?.slice(0, CARDS).map((alert) => (
        <div key={alert.id} className="board-card">
          <Link className="board-link" to="/alerts/$id" params={{ id: alert.id }} search={time}>
            <b>
              <bdi>{alert.title}</bdi>
            </b>
          </Link>
          <small>
            {alert.severity}, raised {spoken(alert.raisedAt)}
          </small>
          <small>
            with <bdi>{alert.assignee ?? alert.acknowledged?.by ?? 'nobody'}</bdi>
          </small>
          {onTake && (
            <button type="button" className="btn" disabled={busy} onClick={() => onTake(alert)}>
              Acknowledge
            </button>
          )}
        </div>
      ))}
      {cards && cards.length >= CARDS && (
        <Link className="link board-more" to="/alerts" search={{ ...time, show }}>
          All of them as a list
        </Link>
      )}
    </section>
  );
}
