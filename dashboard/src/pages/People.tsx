import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { FAMILIES } from '../../../src/core/families.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { AccessChart } from '../charts/Access.tsx';
import { useChosen, useTyped } from '../parts/filter.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { SavedViews } from '../parts/SavedViews.tsx';
import { Fact, Tabs } from '../parts/Facts.tsx';
import { Glyph } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import type { Column } from '../parts/Rows.tsx';
import { WindowTable } from '../parts/WindowTable.tsx';
import { askedAt, spoken, useTime } from '../time.ts';
import { Deviating } from './Deviating.tsx';
import { PersonFacts } from './PersonFacts.tsx';
import { PersonPolicies } from './PersonPolicies.tsx';

type List = Answer<'people', 'list'>;
type Person = List['people'][number];
type Accounts = Answer<'people', 'accounts'>;
type Account = Accounts['accounts'][number];
type Whole = Answer<'people', 'read'>;
type Lane = Whole['person']['lanes'][number];

/** Who can do what, since when; and which accounts are nobody's. */
export function PeoplePage() {
  const time = useTime();
  const navigate = useNavigate();
  const [tab = 'people', setTab] = useChosen<'people' | 'orphans' | 'services'>('tab');
  const [text, setText] = useTyped('text');
  const wanted = useDeferredValue(text.trim());
  const all = useAnswer<List>('/people', { ...askedAt(time), limit: 1 });
  const orphans = useAnswer<Accounts>('/accounts', { ...askedAt(time), of: 'orphans', limit: 1 });
  const services = useAnswer<Accounts>('/accounts', { ...askedAt(time), of: 'services', limit: 1 });
  const count = orphans.data?.count;
  return (
    <Answered answer={all}>
      {({ count: people, covered, gaps }) => (
        <>
          <h1>
            {people.toLocaleString('en')} people, and{' '}
            {count === undefined
              ? '…'
              : count === 0
                ? 'no account that is nobody’s.'
                : `${count} ${count === 1 ? 'account that is' : 'accounts that are'} nobody’s.`}
          </h1>
          <p className="sub">Accounts of all systems are tied to people by declaration, then by the id of HR, then by address; never by a name.</p>
          {!covered &&
            gaps.map((gap) => (
              <p key={gap} className="notice" role="note">
                {gap}
              </p>
            ))}
          <AccessThatShouldNotBe />
          <AccessChart />
          <SavedViews />
          <Tabs
            label="People and accounts"
            names={{ people: `People ${people}`, orphans: `Nobody’s ${count ?? ''}`, services: `Of machines, shared, outside ${services.data?.count ?? ''}` }}
            shown={tab}
            onShow={setTab}
          />
          <div role="tabpanel" id="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'people' && (
              <>
                <div className="chips">
                  <input
                    className="field"
                    value={text}
                    onChange={({ target }) => setText(target.value)}
                    placeholder="Filter: a name, an address, a department"
                    aria-label="Filter people"
                  />
                </div>
                <section className="panel">
                  <WindowTable<List, Person>
                    path="/people"
                    query={{ ...askedAt(time), text: wanted === '' ? undefined : wanted }}
                    label="People"
                    rowsOf={({ people: its }) => its}
                    columns={peopleColumns(time)}
                    empty={wanted === '' ? 'Connect HR: no source tells who works here.' : 'Nobody is called so.'}
                    onOpen={({ id }) => void navigate({ to: '/people/$id', params: { id }, search: time })}
                  />
                </section>
              </>
            )}
            {tab !== 'people' && (
              <section className="panel">
                <WindowTable<Accounts, Account>
                  key={tab}
                  path="/accounts"
                  query={{ ...askedAt(time), of: tab }}
                  label="Accounts"
                  rowsOf={({ accounts }) => accounts}
                  columns={accountColumns(time)}
                  empty={tab === 'orphans' ? 'Every account belongs to somebody, by all that was told.' : 'None, by all that was told.'}
                />
              </section>
            )}
          </div>
        </>
      )}
    </Answered>
  );
}

const ACCESS = FAMILIES.find(({ id }) => id === 'access')?.prefix ?? '';

type Time = ReturnType<typeof useTime>;

/** Who has access that they should not have, by the controls of access that fail. */
function AccessThatShouldNotBe() {
  const posture = useAnswer<Answer<'posture', 'read'>>('/posture', askedAt(useTime()));
  if (!posture.data) return null;
  const { controls, asOf } = posture.data;
  return <Deviating title="Access that should not be" controls={controls.filter(({ id }) => id.startsWith(ACCESS))} asOf={asOf} />;
}

const peopleColumns = (time: Time): readonly Column<Person>[] => [
  {
    name: 'Name',
    width: '2fr',
    cell: ({ id, name }) => (
      <Link to="/people/$id" params={{ id }} search={time}>
        <bdi>{name}</bdi>
      </Link>
    ),
  },
  { name: 'Here', width: '92px', cell: ({ state }) => state },
  {
    name: 'What',
    width: '2fr',
    cell: ({ title, department, type }) => [title, department, type === 'employee' ? null : type].filter((it) => it !== null).join(', '),
  },
  { name: 'From', width: '96px', cell: ({ startAt }) => spoken(startAt).slice(0, 10) },
  { name: 'To', width: '96px', cell: ({ endAt }) => (endAt === null ? '' : spoken(endAt).slice(0, 10)) },
  { name: 'Accounts', width: '78px', number: true, cell: ({ accounts }) => accounts },
  {
    name: 'Usable',
    width: '70px',
    number: true,
    cell: ({ active, state }) => <span className={state === 'left' && active > 0 ? 'c-fail' : undefined}>{active}</span>,
  },
  { name: 'Privileged', width: '82px', number: true, cell: ({ privileged }) => privileged },
];

const accountColumns = (time: Time): readonly Column<Account>[] => [
  { name: 'Account', width: '2fr', cell: ({ login }) => <bdi>{login}</bdi> },
  { name: 'System', width: '1fr', cell: ({ system }) => system },
  { name: 'Kind', width: '86px', cell: ({ kind }) => kind },
  { name: 'State', width: '100px', cell: ({ status }) => status },
  { name: 'Privileged', width: '90px', cell: ({ privileged }) => privileged },
  {
    name: 'Owner',
    width: '1fr',
    cell: ({ ownerId }) =>
      ownerId === null ? (
        <span className="c-unknown">nobody</span>
      ) : (
        <Link to="/people/$id" params={{ id: ownerId }} search={time}>
          {ownerId}
        </Link>
      ),
  },
  { name: 'For', width: '2fr', cell: ({ purpose }) => <bdi>{purpose}</bdi> },
  { name: 'Tied by', width: '96px', cell: ({ rule }) => rule },
  { name: 'Records', width: '110px', cell: ({ records }) => <Records of={records} most={1} /> },
];

/** One person: accounts in all systems, from joining to leaving. */
export function PersonPage() {
  const { id = '' } = useParams({ strict: false });
  const time = useTime();
  const answer = useAnswer<Whole>(`/people/${encodeURIComponent(id)}`, askedAt(time));
  return (
    <Answered answer={answer}>
      {({ person, policies, findings, asOf, covered, gaps }) => (
        <>
          <h1>
            <bdi>{person.name}</bdi> {answerOf(person)}
          </h1>
          <dl className="facts">
            <Fact name="Here">
              {person.state}, {person.type}
            </Fact>
            <Fact name="From">
              {spoken(person.startAt)} {person.endAt !== null && `up to ${spoken(person.endAt)}`}
            </Fact>
            {person.title !== null && (
              <Fact name="As">
                {person.title}
                {person.department !== null && `, ${person.department}`}
              </Fact>
            )}
            {person.managerId !== null && (
              <Fact name="Manager">
                <Link className="link" to="/people/$id" params={{ id: person.managerId }} search={time}>
                  {person.managerId}
                </Link>
              </Fact>
            )}
            <Fact name="Addresses">{person.emails.join(', ')}</Fact>
          </dl>
          {!covered &&
            gaps.map((gap) => (
              <p key={gap} className="notice" role="note">
                {gap}
              </p>
            ))}
          {findings.length > 0 && (
            <Panel title="What is wrong now" note={`${findings.length}`}>
              <ul className="open">
                {findings.map((it) => (
                  <li key={`${it.check} ${it.control} ${it.item.source} ${it.item.key}`} data-row>
                    <Glyph of={it.verdict === 'deviates' ? 'fail' : 'unknown'} />
                    <div>
                      <p>
                        <bdi>{it.item.label}</bdi>: <Told of={it.because} />
                      </p>
                      <div className="meta">
                        <Link to="/controls/$id" params={{ id: it.control }} search={time}>
                          {it.control}
                        </Link>{' '}
                        · {it.check} · since {spoken(it.from)}
                      </div>
                    </div>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Lanes lanes={person.lanes} from={person.startAt} left={person.endAt} now={asOf} />
          <PersonFacts person={person} asOf={asOf} />
          <PersonPolicies person={person} policies={policies} />
          <Panel title="What happened" note="the newest first">
            <ul className="next">
              {person.events.toReversed().map(({ at, what, says, by, records }) => (
                <li key={`${at} ${says}`}>
                  <b>{spoken(at)}</b>
                  <span>
                    {what === 'leaves' || what === 'ends' ? <b>{says}</b> : says} {by !== null && <>by {by}</>} <Records of={records} most={2} />
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
        </>
      )}
    </Answered>
  );
}

function answerOf({ state, lanes }: Whole['person']): string {
  const usable = lanes.filter(({ there, own, status }) => there && own && status === 'active').length;
  const accounts = `${usable} ${usable === 1 ? 'account' : 'accounts'}`;
  if (state === 'left') return usable === 0 ? 'has left, and no account is left that can be used.' : `has left, and ${accounts} can still be used.`;
  return `can use ${accounts}.`;
}

const HEIGHT = 14;

/** A lane for each account: from when to when it could be used, against when the person left. */
function Lanes({ lanes, from, left, now }: { readonly lanes: readonly Lane[]; readonly from: string; readonly left: string | null; readonly now: string }) {
  const first = Math.min(
    Date.parse(from),
    ...lanes.flatMap(({ spells }) => spells.map((it) => (it.from === null ? Number.POSITIVE_INFINITY : Date.parse(it.from)))),
  );
  const last = Math.max(Date.parse(now), left === null ? 0 : Date.parse(left));
  const at = (text: string | null, otherwise: number) =>
    Math.round((((text === null ? otherwise : Math.min(Date.parse(text), last)) - first) / (last - first || 1)) * 100_000) / 1000;
  const gone = left !== null && Date.parse(left) <= Date.parse(now) ? left : null;
  /** Those that can be used by who has left, then those that could be for a while after. */
  const rank = ({ there, own, status, spells }: Lane) => {
    if (gone === null) return 0;
    if (there && own && status === 'active') return 2;
    return spells.some((spell) => spell.status === 'active' && (spell.to === null || spell.to > gone)) ? 1 : 0;
  };
  return (
    <Panel title="Accounts" note={gone === null ? 'when each could be used' : `against when they left: ${spoken(gone)}`}>
      {lanes.length === 0 && <p className="none">No account is theirs, by all that was told.</p>}
      {lanes
        .toSorted((a, b) => rank(b) - rank(a))
        .map((lane) => (
          <div key={`${lane.source} ${lane.partition} ${lane.key}`} className="lane" data-row>
            <div className="lbl">
              <bdi>{lane.login}</bdi> <small>{lane.system}</small>
              {!lane.own && <small> answers for it</small>}
              {lane.privileged === 'yes' && <small className="tag">privileged</small>}
            </div>
            <svg
              width="100%"
              height={HEIGHT}
              role="img"
              aria-label={lane.spells.map((it) => `${it.status} from ${spoken(it.from)} up to ${it.to === null ? 'now' : spoken(it.to)}`).join('; ')}
            >
              {lane.spells.map((it) => {
                const [x, end] = [at(it.from, first), at(it.to, last)];
                const split = gone === null ? end : Math.min(Math.max(at(gone, last), x), end);
                const active = it.status === 'active';
                return (
                  <g key={it.from}>
                    <title>{`${it.status}, ${spoken(it.from)} up to ${it.to === null ? 'now' : spoken(it.to)}`}</title>
                    <rect
                      className={active ? 'lane-on' : it.status === 'unknown' ? 's-unknown' : 'lane-off'}
                      x={`${x}%`}
                      y="3"
                      width={`${Math.max(split - x, 0)}%`}
                      height={HEIGHT - 6}
                    />
                    {end > split && (
                      <rect className={active && lane.own ? 's-fail' : 'lane-off'} x={`${split}%`} y="1" width={`${end - split}%`} height={HEIGHT - 2} />
                    )}
                  </g>
                );
              })}
              {gone !== null && <line className="s-now" x1={`${at(gone, last)}%`} x2={`${at(gone, last)}%`} y1="0" y2={HEIGHT} />}
            </svg>
            <div className="out">
              {lane.there ? lane.status : 'gone'} <Records of={lane.records} most={1} />
            </div>
          </div>
        ))}
    </Panel>
  );
}
