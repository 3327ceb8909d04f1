import { Link } from '@tanstack/react-router';
import { Panel } from '../../parts/Panel.tsx';
import { Glyph } from '../../parts/Status.tsx';
import { type Collector, paramsOf, unknownBy } from '../connect/Catalogue.tsx';
import type { Its } from './its.ts';

/** What is unknown, by the source that would tell of it: the next sources as a checklist. */
export function StillUnknown({ posture, catalogue, next }: Its) {
  const unknown = posture.criteria.filter(({ status }) => status === 'unknown');
  const lines = linesOf(catalogue.collectors, posture);
  const reached = new Set(lines.flatMap(({ criteria }) => criteria));
  const others = unknown.filter(({ id }) => !reached.has(id));
  return (
    <>
      <h1>
        {unknown.length} {unknown.length === 1 ? 'criterion is' : 'criteria are'} unknown.
      </h1>
      <p className="sub">
        Unknown is no failure and no pass: nobody has told yet. Each line names a source, and the criteria that wait for something that it tells of.
      </p>
      <Panel title="By the source that would tell" note="those first that most wait for">
        <ul className="collectors">
          {lines.map(({ collector, criteria }) => (
            <li key={collector.id} data-row>
              <div>
                <Link to="/sources/connect/$vendor/$kind" params={paramsOf(collector.id)}>
                  <b className="id">{collector.id}</b>
                </Link>
                <span className="sub2">{collector.title}</span>
              </div>
              <div className="gives">
                <Glyph of="unknown" /> {criteria.length} {criteria.length === 1 ? 'criterion waits' : 'criteria wait'} for it{' '}
                <span className="sub2">
                  {criteria.map((id) => (
                    <Link key={id} className="tag" to="/criteria/$id" params={{ id }}>
                      {id}
                    </Link>
                  ))}
                </span>
              </div>
            </li>
          ))}
        </ul>
      </Panel>
      {others.length > 0 && (
        <Panel title="By people, or by time" note="no source alone tells of them">
          <p className="pad">
            {others.map(({ id, title }) => (
              <Link key={id} className="tag" to="/criteria/$id" params={{ id }} title={title}>
                {id}
              </Link>
            ))}{' '}
            wait for statements of people, or for a complete look of what is connected already.
          </p>
        </Panel>
      )}
      <button type="button" className="btn primary" onClick={next}>
        Invite somebody
      </button>
    </>
  );
}

/** They tell of anything that people write down: the last resort. */
const BY_HAND: readonly string[] = ['csv/dataset', 'files/registers'];

function linesOf(collectors: readonly Collector[], posture: Its['posture']) {
  return collectors
    .filter(({ connected }) => connected.length === 0)
    .map((collector) => ({ collector, criteria: unknownBy(collector, posture) }))
    .filter(({ criteria }) => criteria.length > 0)
    .toSorted((a, b) => Number(BY_HAND.includes(a.collector.id)) - Number(BY_HAND.includes(b.collector.id)) || b.criteria.length - a.criteria.length);
}
