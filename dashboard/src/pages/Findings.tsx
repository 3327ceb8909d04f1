import { Link, useNavigate } from '@tanstack/react-router';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { ActOnAll } from '../acts/FindingActs.tsx';
import { FindingsBoard } from '../acts/FindingsBoard.tsx';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { FindingCharts } from '../charts/Findings.tsx';
import { useChosen } from '../parts/filter.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { SavedViews } from '../parts/SavedViews.tsx';
import { ControlTags, Head } from '../parts/Facts.tsx';
import { Glyph } from '../parts/Status.tsx';
import type { Column } from '../parts/Rows.tsx';
import { WindowTable } from '../parts/WindowTable.tsx';
import { askedAt, spoken, useShown, useTime } from '../time.ts';

type List = Answer<'findings', 'list'>;
type Finding = List['findings'][number];

const STATES = ['open', 'in remediation', 'waived', 'fixed', 'closed', 'overdue'] as const;

/** Who closes what by when. */
export function FindingsPage() {
  const time = useTime();
  const state = useShown();
  const navigate = useNavigate();
  const shown = STATES.find((it) => it === state);
  const [age] = useChosen<Age>('age');
  const asBoard = (state === undefined && age === undefined) || state === 'board';
  const all = useAnswer<List>('/findings', { ...askedAt(time), limit: 1 });
  const overdue = useAnswer<List>('/findings', { ...askedAt(time), state: 'overdue', limit: 1 });
  const open = useAnswer<List>('/findings', { ...askedAt(time), state: 'open', limit: 1 });
  const worked = useAnswer<List>('/findings', { ...askedAt(time), state: 'in remediation', limit: 1 });

  return (
    <Answered answer={all}>
      {({ problems, timesToFix }) => (
        <>
          <h1>{answerOf((open.data?.count ?? 0) + (worked.data?.count ?? 0), overdue.data?.count ?? 0)}</h1>
          <p className="sub">A finding is a deviation of one item from one check. It closes when evidence shows that it is gone, and not before.</p>
          {problems.map((says) => (
            <p key={says} className="notice" role="note">
              {says}
            </p>
          ))}
          <FindingCharts />
          <SavedViews />
          <div className="chips" role="group" aria-label="State">
            {(['board', 'all', ...STATES] as const).map((it) => (
              <button
                key={it}
                type="button"
                className="chip"
                aria-pressed={it === (asBoard ? 'board' : (shown ?? 'all'))}
                onClick={() =>
                  void navigate({
                    to: '.',
                    search: { ...time, ...(it === 'board' ? {} : { show: it, ...(age === undefined ? {} : { filter: `age=${age}` }) }) },
                  })
                }
              >
                {it}
              </button>
            ))}
          </div>
          {!asBoard && <Ages />}
          {asBoard ? <FindingsBoard /> : <FindingsList shown={shown} age={age} />}
          <Panel title="Time to fix" note="by severity">
            <div className="scroll">
              <table>
                <Head of={['Severity', { num: 'Fixed' }, { num: 'On average' }, { num: 'Longest' }, { num: 'Not fixed' }, { num: 'Overdue' }]} />
                <tbody>
                  {timesToFix.map(({ severity, fixed, meanMs: mean, longestMs: longest, unfixed, overdue: late }) => (
                    <tr key={severity}>
                      <td>{severity}</td>
                      <td className="num">{fixed}</td>
                      <td className="num">{mean === null ? '' : spokenDuration(mean)}</td>
                      <td className="num">{longest === null ? '' : spokenDuration(longest)}</td>
                      <td className="num">{unfixed}</td>
                      <td className="num">{late}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
          <Waivers />
        </>
      )}
    </Answered>
  );
}

/** Days since they began the last time, of those that nobody has undone. */
const AGES = {
  '0-1': 'less than a day',
  '1-7': '1 to 7 d',
  '7-30': '7 to 30 d',
  '30-90': '30 to 90 d',
  '90-': '90 d or more',
} as const;
type Age = keyof typeof AGES;

function Ages() {
  const [age, setAge] = useChosen<Age>('age');
  return (
    <div className="chips" role="group" aria-label="Age">
      {(Object.entries(AGES) as [Age, string][]).map(([its, says]) => (
        <button key={its} type="button" className="chip" aria-pressed={its === age} onClick={() => setAge(its === age ? undefined : its)}>
          {says}
        </button>
      ))}
    </div>
  );
}

function FindingsList({ shown, age }: { readonly shown: (typeof STATES)[number] | undefined; readonly age: Age | undefined }) {
  const time = useTime();
  const navigate = useNavigate();
  const [ageFrom, ageTo] = age?.split('-') ?? [];
  const query = { ...askedAt(time), state: shown, ageFrom, ageTo };
  const counted = useAnswer<List>('/findings', { ...query, limit: 1 });
  return (
    <>
      {age === undefined && (shown === 'open' || shown === 'in remediation' || shown === 'overdue') && (
        <ActOnAll key={shown} state={shown} count={counted.data?.count ?? 0} />
      )}
      <section className="panel">
        <WindowTable<List, Finding>
          path="/findings"
          query={query}
          label="Findings"
          rowsOf={({ findings }) => findings}
          columns={columnsOf(time)}
          empty={
            age !== undefined
              ? `Nothing that is so old${shown === undefined ? '' : ` is ${shown}`}.`
              : shown === undefined
                ? 'Nothing deviates, by all that was examined.'
                : `Nothing is ${shown}.`
          }
          onOpen={({ id }) => void navigate({ to: '/findings/$id', params: { id }, search: time })}
        />
      </section>
    </>
  );
}

function answerOf(open: number, overdue: number): string {
  if (open === 0) return 'No finding is open.';
  const are = `${open} ${open === 1 ? 'finding is' : 'findings are'} open`;
  return overdue === 0 ? `${are}, none overdue.` : `${are}, ${overdue} overdue.`;
}

const columnsOf = (time: ReturnType<typeof useTime>): readonly Column<Finding>[] => [
  { name: 'State', width: '148px', cell: (it) => <State of={it} /> },
  {
    name: 'Item',
    width: '2fr',
    cell: ({ id, item }) => (
      <Link to="/findings/$id" params={{ id }} search={time}>
        <bdi>{item.label}</bdi>
      </Link>
    ),
  },
  { name: 'What is wrong', width: '3fr', cell: ({ title }) => title },
  {
    name: 'Controls',
    width: '1fr',
    cell: ({ controls }) => <ControlTags of={controls} />,
  },
  { name: 'Severity', width: '78px', cell: ({ severity }) => severity },
  { name: 'Owner', width: '1fr', cell: ({ owner }) => <bdi>{owner}</bdi> },
  { name: 'Due', width: '128px', cell: ({ due, overdue }) => <span className={overdue ? 'c-fail' : undefined}>{spoken(due).slice(0, 10)}</span> },
];

const GLYPHS = { open: 'fail', 'in remediation': 'fail', waived: 'waived', fixed: 'pass', closed: 'pass' } as const;

export const State = ({ of: { state, overdue, unknown, awaitsProof } }: { readonly of: Pick<Finding, 'state' | 'overdue' | 'unknown' | 'awaitsProof'> }) => (
  <span className="nowrap">
    <Glyph of={unknown ? 'unknown' : GLYPHS[state]} label={unknown ? 'Not known now' : state} /> {awaitsProof ? 'awaits proof' : state}
    {overdue && <b className="c-fail">, overdue</b>}
  </span>
);

function Waivers() {
  const time = useTime();
  const answer = useAnswer<Answer<'findings', 'waivers'>>('/waivers', { asOf: time.at });
  if (!answer.data || answer.data.waivers.length === 0) return null;
  return (
    <Panel title="Waivers" note="accepted for a time, by another; a deviation all the same">
      <div className="scroll">
        <table>
          <Head of={['State', 'What', 'Reason', 'Approved by', 'Until', 'Records']} />
          <tbody>
            {answer.data.waivers.map(({ id, title, state, says, check, item, reason, by, until, records }) => (
              <tr key={id} data-row>
                <td className="nowrap">
                  {state === 'in force' ? <Glyph of="waived" /> : ''} {state}
                </td>
                <td>
                  {title}
                  <span className="sub2">
                    <bdi>{item}</bdi>, {check}
                  </span>
                </td>
                <td>
                  {reason}
                  <span className="sub2">{says}</span>
                </td>
                <td>{by}</td>
                <td className="nowrap">{until === null ? '' : spoken(until).slice(0, 10)}</td>
                <td>
                  <Records of={records} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
