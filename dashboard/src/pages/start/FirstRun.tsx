import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { type Happening, useHappenings } from '../../api/live.ts';
import { type Answer, send } from '../../api/ask.ts';
import { ActSaid, useAct } from '../../parts/Act.tsx';
import { Panel, Records } from '../../parts/Panel.tsx';
import { Glyph } from '../../parts/Status.tsx';
import { spoken } from '../../time.ts';
import { paramsOf } from '../connect/Catalogue.tsx';
import type { Its } from './its.ts';

interface Asked {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
  readonly calls: number;
  readonly entries: number;
  readonly last: string;
  readonly says: string | null;
}

interface Run {
  readonly collector: string;
  readonly name: string;
  readonly partition: string;
  readonly complete: boolean;
  readonly record: number;
  readonly reason: string | null;
  readonly rows: Readonly<Record<string, number>>;
}

const keyOf = ({ collector, name, partition }: Pick<Run, 'collector' | 'name' | 'partition'>) => `${collector}/${name} ${partition}`;

/** Answers as they come, and what each run told in the end. */
export function FirstRun({ sources, next }: Its) {
  const [asked, setAsked] = useState<ReadonlyMap<string, Asked>>(new Map());
  const [runs, setRuns] = useState<ReadonlyMap<string, Run>>(new Map());
  const { act, busy, said } = useAct();
  useHappenings(
    useCallback(({ type, data }: Happening) => {
      if (type !== 'asked' && type !== 'run') return;
      const key = keyOf(data as Run);
      // What answers again is under way again; what has ended is told by its record.
      setRuns((before) => (type === 'run' ? new Map(before).set(key, data as Run) : without(before, key)));
      setAsked((before) => (type === 'asked' ? new Map(before).set(key, data as Asked) : without(before, key)));
    }, []),
  );
  const under = asked.size > 0;
  const lines = sources.flatMap((source) => source.partitions.map((its) => ({ source, ...its })));
  const told = lines.filter(({ last }) => last !== null);
  const go = () => {
    setRuns(new Map());
    setAsked(new Map());
    void act(
      send<Answer<'sources', 'collect'>>('POST', '/collect', {}),
      ({ asked: its }) => `Asking ${its.length} ${its.length === 1 ? 'source' : 'sources'}.`,
    );
  };
  return (
    <>
      <h1>{headOf(under, lines.length, told.length)}</h1>
      <p className="sub">Each answer is kept as it was given, sealed in your log, and read into rows. You can leave this page: it goes on.</p>
      <div className="row acts">
        <button type="button" className={told.length === 0 ? 'btn primary' : 'btn'} disabled={busy || under || lines.length === 0} onClick={go}>
          {told.length === 0 ? 'Ask for the first time' : 'Ask again'}
        </button>
        {told.length > 0 && !under && (
          <button type="button" className="btn primary" onClick={next}>
            Go on to people
          </button>
        )}
        <ActSaid said={said} />
      </div>
      <Panel title="Sources" note="as they answer">
        <ul className="live-runs">
          {lines.map(({ source, partition, last }) => {
            const key = keyOf({ ...source, partition });
            const run = runs.get(key);
            const its = asked.get(key);
            return (
              <li key={key} data-row>
                <Link to="/sources/$vendor/$kind/$name" params={{ ...paramsOf(source.collector), name: source.name }}>
                  <b className="id">{source.collector}</b> <bdi>{partition}</bdi>
                </Link>
                <div>{run ? <Told run={run} /> : its ? <Progress of={its} /> : last ? <Last last={last} /> : 'not asked yet'}</div>
              </li>
            );
          })}
        </ul>
      </Panel>
    </>
  );
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

function headOf(under: boolean, all: number, told: number): string {
  if (all === 0) return 'No source is connected yet.';
  if (under) return 'Answers are coming.';
  return told === 0 ? 'Nothing was asked yet.' : `${told} of ${all} ${all === 1 ? 'part was' : 'parts were'} asked.`;
}

const Progress = ({ of: { calls, entries, last, says } }: { readonly of: Asked }) => (
  <span className="progress">
    {calls.toLocaleString('en')} {calls === 1 ? 'answer' : 'answers'}, {entries.toLocaleString('en')} entries
    <span className="sub2">
      <bdi className="mono url">{last}</bdi> {says}
    </span>
  </span>
);

const Told = ({ run: { complete, record, reason, rows } }: { readonly run: Run }) => (
  <>
    <Glyph of={complete ? 'pass' : 'unknown'} label={complete ? 'Complete' : 'Incomplete'} />{' '}
    {complete
      ? Object.entries(rows)
          .map(([dataset, count]) => `${count.toLocaleString('en')} ${dataset}`)
          .join(', ')
      : reason}{' '}
    <Records of={[record]} />
  </>
);

const Last = ({
  last: { at, complete, reason, record },
}: {
  readonly last: { readonly at: string; readonly complete: boolean; readonly reason: string | null; readonly record: number };
}) => (
  <>
    <Glyph of={complete ? 'pass' : 'unknown'} label={complete ? 'Complete' : 'Incomplete'} /> {complete ? `all of it, ${spoken(at)}` : reason}{' '}
    <Records of={[record]} />
  </>
);
