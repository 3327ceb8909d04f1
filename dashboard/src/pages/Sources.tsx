import { useParams, Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, Problem, send } from '../api/ask.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { Head } from '../parts/Facts.tsx';
import { Glyph } from '../parts/Status.tsx';
import type { Column } from '../parts/Rows.tsx';
import { LongTable } from '../parts/Table.tsx';
import { spoken, useTime } from '../time.ts';
import { RunMarks } from './connect/RunMarks.tsx';
import { SourceActs } from './connect/SourceActs.tsx';

type List = Answer<'sources', 'list'>;
type Source = List['sources'][number];
type Runs = Answer<'sources', 'runs'>;
type Run = Runs['runs'][number];

const stateOf = ({ partitions, retired }: Source): 'pass' | 'unknown' | 'excluded' =>
  retired !== null ? 'excluded' : partitions.every(({ last }) => last?.complete) && partitions.length > 0 ? 'pass' : 'unknown';

/** Whether each system tells us everything. */
export function SourcesPage() {
  const time = useTime();
  const answer = useAnswer<List>('/sources');
  return (
    <Answered answer={answer}>
      {({ sources }) => {
        const silent = sources.filter((it) => stateOf(it) === 'unknown');
        return (
          <>
            <h1>
              {sources.length === 0
                ? 'No source is connected yet.'
                : silent.length === 0
                  ? `All ${sources.length} sources told everything when they were last asked.`
                  : `${silent.length} of ${sources.length} sources did not tell everything when they were last asked.`}
            </h1>
            <p className="sub">What rests on a source that did not answer whole is unknown, never a pass. Each is asked with the least rights that it needs.</p>
            {sources.length === 0 ? <Connect /> : <Collect more={<Connect />} />}
            {sources.length > 0 && (
              <section className="panel">
                <div className="scroll">
                  <table>
                    <Head of={['Source', 'Last asked', 'What came', 'Every', 'Next', 'Feeds']} />
                    <tbody>
                      {sources
                        .toSorted((a, b) => Number(stateOf(b) === 'unknown') - Number(stateOf(a) === 'unknown'))
                        .map((source) => (
                          <Row key={`${source.collector} ${source.name}`} source={source} time={time} />
                        ))}
                    </tbody>
                  </table>
                </div>
              </section>
            )}
          </>
        );
      }}
    </Answered>
  );
}

/** So many datasets are named; the page of the source names all. */
const FEEDS = 2;

function Row({ source, time }: { readonly source: Source; readonly time: ReturnType<typeof useTime> }) {
  const { collector, name, title, every, feeds, partitions, retired } = source;
  const bad = partitions.find(({ last }) => !last?.complete) ?? partitions[0];
  return (
    <tr data-row>
      <td className="source">
        <Glyph of={stateOf(source)} label={retired !== null ? 'Retired' : stateOf(source) === 'pass' ? 'Complete' : 'Incomplete'} />{' '}
        <Link to="/sources/$vendor/$kind/$name" params={paramsOf(source)} search={time}>
          <b className="id">{collector}</b> <bdi>{name}</bdi>
        </Link>
        <span className="sub2">{title}</span>
      </td>
      <td className="nowrap">{bad?.last ? spoken(bad.last.at) : 'never'}</td>
      <td>
        {retired !== null ? (
          `retired on ${retired}`
        ) : bad?.last ? (
          bad.last.complete ? (
            'all of it'
          ) : (
            <span className="c-unknown">{bad.last.reason}</span>
          )
        ) : (
          <span className="c-unknown">it was never asked</span>
        )}{' '}
        {bad?.last && <Records of={[bad.last.record]} />}
      </td>
      <td>{every}</td>
      <td className="nowrap">{bad?.nextAt ? spoken(bad.nextAt) : ''}</td>
      <td title={feeds.join(', ')}>{feeds.length > FEEDS + 1 ? `${feeds.slice(0, FEEDS).join(', ')} and ${feeds.length - FEEDS} more` : feeds.join(', ')}</td>
    </tr>
  );
}

function paramsOf({ collector, name }: Pick<Source, 'collector' | 'name'>) {
  const [vendor = '', kind = ''] = collector.split('/');
  return { vendor, kind, name };
}

const Connect = () => (
  <Link className="btn primary" to="/sources/connect">
    Connect a source
  </Link>
);

function Collect({ source, more }: { readonly source?: string; readonly more?: ReactNode }) {
  const [said, setSaid] = useState<string | null>(null);
  const go = () =>
    send<Answer<'sources', 'collect'>>('POST', '/collect', source === undefined ? {} : { source }).then(
      ({ asked }) => setSaid(`Asking ${asked.length} ${asked.length === 1 ? 'source' : 'sources'}. Figures change as answers come; you can leave this page.`),
      (problem: unknown) => setSaid(problem instanceof Problem ? problem.message : String(problem)),
    );
  return (
    <div className="row acts">
      <button type="button" className="btn" onClick={() => void go()}>
        {source === undefined ? 'Ask all sources now' : 'Ask it now'}
      </button>
      {more}
      <span role="status">{said}</span>
    </div>
  );
}

/** One source: its runs, whether all of it came, and the least that its credential needs. */
export function SourcePage() {
  const { vendor = '', kind = '', name = '' } = useParams({ strict: false });
  const time = useTime();
  const navigate = useNavigate();
  const answer = useAnswer<List>('/sources');
  const path = `/sources/${vendor}/${kind}/${encodeURIComponent(name)}/runs`;
  return (
    <Answered answer={answer}>
      {({ sources }) => {
        const source = sources.find((it) => it.collector === `${vendor}/${kind}` && it.name === name);
        if (!source)
          return (
            <div className="refused">
              <h1>No such source.</h1>
              <p className="sub">tickmark.yaml names none that is called so.</p>
            </div>
          );
        return (
          <>
            <h1>
              {source.collector} <bdi>{source.name}</bdi>:{' '}
              {stateOf(source) === 'pass'
                ? 'told everything when it was last asked.'
                : stateOf(source) === 'unknown'
                  ? 'did not tell everything when it was last asked.'
                  : 'retired.'}
            </h1>
            <p className="sub">{source.title}</p>
            {source.retired === null && <Collect source={`${source.collector}/${source.name}`} more={<SourceActs source={source} />} />}
            <RunMarks source={source} path={path} />
            <section className="panel">
              <LongTable<Runs, Run>
                path={path}
                label="Runs"
                rowsOf={({ runs }) => runs}
                columns={columnsOf(time)}
                empty="It was never asked."
                onOpen={({ record }) => void navigate({ to: '/log/$index', params: { index: String(record) }, search: time })}
              />
            </section>
            <div className="half">
              <Panel title="The least it needs" note="rights of its credential">
                <ul className="facts-list pad">
                  {source.rights.map(({ right, why }) => (
                    <li key={right}>
                      <b>{right}</b>: {why}
                    </li>
                  ))}
                </ul>
                {source.policy && <pre className="pad">{JSON.stringify(source.policy, null, 2)}</pre>}
              </Panel>
              <Panel title="What it cannot tell" note="however it is asked">
                <ul className="facts-list pad">
                  {source.cannotTell.map((it) => (
                    <li key={it}>{it}</li>
                  ))}
                  {source.cannotTell.length === 0 && <li>Nothing that is known.</li>}
                </ul>
              </Panel>
            </div>
          </>
        );
      }}
    </Answered>
  );
}

const columnsOf = (time: ReturnType<typeof useTime>): readonly Column<Run>[] => [
  {
    name: 'Record',
    width: '84px',
    cell: ({ record }) => (
      <Link className="link mono" to="/log/$index" params={{ index: String(record) }} search={time}>
        #{record}
      </Link>
    ),
  },
  { name: 'Asked', width: '170px', cell: ({ startedAt }) => spoken(startedAt) },
  { name: 'Took', width: '72px', cell: ({ startedAt, finishedAt }) => spokenDuration(Date.parse(finishedAt) - Date.parse(startedAt)) },
  { name: 'Part', width: '1fr', cell: ({ partition }) => <bdi>{partition}</bdi> },
  {
    name: 'What came',
    width: '3fr',
    cell: ({ outcome, reason, questions }) =>
      outcome === 'success' ? (
        <>
          <Glyph of="pass" label="Complete" /> {countedOf(questions)}
        </>
      ) : (
        <>
          <Glyph of="unknown" label={outcome === 'skip' ? 'Skipped' : 'Incomplete'} />{' '}
          <b className="c-unknown">{outcome === 'skip' ? 'skipped' : 'incomplete'}</b> <bdi>{reason}</bdi>
        </>
      ),
  },
  { name: 'As', width: '1fr', cell: ({ askedAs }) => <bdi>{askedAs}</bdi> },
];

/** `57 of 57, 12` of the questions that are counted. */
const countedOf = (questions: Run['questions']): string =>
  questions
    .filter(({ received }) => received !== null)
    .map(({ received, total }) => (total === null ? String(received) : `${received} of ${total}`))
    .slice(0, 4)
    .join(', ') || 'all of it';
