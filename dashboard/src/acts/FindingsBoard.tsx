import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { type Shown, Status } from '../parts/Status.tsx';
import { askedAt, spoken, type Time, useTime } from '../time.ts';

type List = Answer<'findings', 'list'>;
type Finding = List['findings'][number];

/** So many are read of each state, and so many are shown in a column. */
const [READ, CARDS] = [200, 24];

/** Who works on what, by how it stands. Only evidence moves a card to Closed. */
export function FindingsBoard() {
  const time = useTime();
  const [open, worked, waived, fixed, closed] = (['open', 'in remediation', 'waived', 'fixed', 'closed'] as const).map((state) =>
    useAnswer<List>('/findings', { ...askedAt(time), state, limit: READ }),
  );
  const worksOn = worked?.data?.findings ?? [];
  const [awaiting, others] = [worksOn.filter((it) => it.awaitsProof), worksOn.filter((it) => !it.awaitsProof)];
  const over = [...(fixed?.data?.findings ?? []), ...(closed?.data?.findings ?? [])];
  return (
    <div className="board" role="list" aria-label="Findings by how they stand">
      <Column title="Open" glyph="fail" state="open" cards={open?.data?.findings} count={open?.data?.count} />
      <Column
        title="In remediation"
        glyph="fail"
        state="in remediation"
        cards={worked?.data && others}
        count={worked?.data && worked.data.count - awaiting.length}
      />
      <Column title="Fixed, awaiting proof" glyph="unknown" state="in remediation" cards={worked?.data && awaiting} count={worked?.data && awaiting.length} />
      <Column
        title="Closed"
        glyph="pass"
        state="fixed"
        cards={fixed?.data && closed?.data && over}
        count={fixed?.data && closed?.data && fixed.data.count + closed.data.count}
      />
      <Column title="Waived" glyph="waived" state="waived" cards={waived?.data?.findings} count={waived?.data?.count} />
    </div>
  );
}

function Column({
  title,
  glyph,
  state,
  cards,
  count,
}: {
  readonly title: string;
  readonly glyph: Shown;
  readonly state: string;
  readonly cards: readonly Finding[] | undefined;
  readonly count: number | undefined;
}) {
  const time = useTime();
  return (
    <section className="board-column" role="listitem" aria-label={`${title}${count === undefined ? '' : `: ${count}`}`}>
      <h2>
        <Status of={glyph}>{title}</Status> <span className="faint">{count}</span>
      </h2>
      {cards?.length === 0 && <p className="faint board-none">Nothing.</p>}
      {cards?.slice(0, CARDS).map((one) => (
        <Card key={one.id} of={one} time={time} />
      ))}
      {count !== undefined && cards && count > Math.min(cards.length, CARDS) && (
        <Link className="link board-more" to="/findings" search={{ ...time, show: state }}>
          All {count} as a list
        </Link>
      )}
    </section>
  );
}

const Card = ({
  of: { id, item, title, severity, owner, due, overdue, state, fixedAt, waiver, unknown },
  time,
}: {
  readonly of: Finding;
  readonly time: Time;
}) => (
  <Link className="board-card" to="/findings/$id" params={{ id }} search={time}>
    <b>
      <bdi>{item.label}</bdi>
    </b>
    <span>{title}</span>
    <small>
      {severity}, <bdi>{owner}</bdi>
      {unknown && (
        <>
          , <span className="c-unknown">not known now</span>
        </>
      )}
    </small>
    <small className={overdue ? 'c-fail' : undefined}>{dated({ state, due, overdue, fixedAt, until: waiver?.until ?? null })}</small>
  </Link>
);

interface Dated extends Pick<Finding, 'state' | 'due' | 'overdue' | 'fixedAt'> {
  readonly until: string | null;
}

function dated({ state, due, overdue, fixedAt, until }: Dated): string {
  const day = (at: string) => spoken(at).slice(0, 10);
  if (state === 'fixed' && fixedAt !== null) return `gone by evidence since ${day(fixedAt)}`;
  if (state === 'closed') return 'closed by an approved word';
  if (state === 'waived' && until !== null) return `waived until ${day(until)}`;
  return overdue ? `overdue since ${day(due)}` : `due ${day(due)}`;
}
