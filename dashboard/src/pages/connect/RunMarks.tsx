import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/answer.tsx';
import type { Answer } from '../../api/ask.ts';
import { Panel } from '../../parts/Panel.tsx';
import { spoken, useTime } from '../../time.ts';

type Runs = Answer<'sources', 'runs'>;
type Run = Runs['runs'][number];
type Source = Answer<'sources', 'list'>['sources'][number];

const MARKS = 30;

/** The last thirty runs as marks, how many of them told everything, and when it is asked next. */
export function RunMarks({ source, path }: { readonly source: Source; readonly path: string }) {
  const answer = useAnswer<Runs>(path, { limit: MARKS });
  const runs = answer.data?.runs.toReversed() ?? [];
  const complete = runs.filter(({ outcome }) => outcome === 'success').length;
  const newest = runs.at(-1);
  const next = source.partitions
    .flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]))
    .toSorted()
    .at(0);
  return (
    <Panel title="Runs" note={answer.data ? saying(complete, runs.length) : null}>
      <div className="runs">
        <ol className="marks" aria-label="The last runs, the oldest first">
          {runs.map((run) => (
            <Mark key={run.record} run={run} />
          ))}
        </ol>
        <dl className="facts">
          <div>
            <dt>Last run</dt>
            <dd>{newest === undefined ? 'none yet' : receivedOf(newest)}</dd>
          </div>
          <div>
            <dt>Next run</dt>
            <dd>{source.retired !== null ? `none: retired on ${source.retired}` : next === undefined ? 'as soon as the server looks' : spoken(next)}</dd>
          </div>
          <div>
            <dt>Every</dt>
            <dd>{source.every}</dd>
          </div>
          <div>
            <dt>Tells of</dt>
            <dd>{source.feeds.join(', ')}</dd>
          </div>
        </dl>
      </div>
    </Panel>
  );
}

const saying = (complete: number, all: number): string => (all === 0 ? 'it was never asked' : `${complete} of the last ${all} told everything`);

const WORDS: Readonly<Record<Run['outcome'], string>> = { success: 'complete', failure: 'incomplete', skip: 'not asked' };

function Mark({ run: { record, outcome, startedAt, reason, partition } }: { readonly run: Run }) {
  const time = useTime();
  const says = `${WORDS[outcome]}, ${spoken(startedAt)}, ${partition}${reason === null ? '' : `: ${reason}`}`;
  return (
    <li>
      <Link
        className={`mark ${outcome}`}
        to="/log/$index"
        params={{ index: String(record) }}
        search={time}
        title={says}
        aria-label={`Record ${record}: ${says}`}
      />
    </li>
  );
}

/** `57 of 57`; without a total of the source's own, what came. */
function receivedOf({ questions, outcome, reason }: Run): string {
  if (outcome !== 'success') return reason ?? WORDS[outcome];
  const [received, total] = questions.reduce(
    ([got, all], { received: its, total: theirs }) => [got + (its ?? 0), theirs === null || all === null ? null : all + theirs] as const,
    [0, 0 as number | null] as readonly [number, number | null],
  );
  const pages = questions.reduce((sum, { pages: its }) => sum + its, 0);
  const asked = `${questions.length} ${questions.length === 1 ? 'question' : 'questions'}, ${pages} ${pages === 1 ? 'page' : 'pages'}`;
  return `${asked}, ${received.toLocaleString('en')}${total === null ? ' entries; the source gives no total' : ` of ${total.toLocaleString('en')} entries`}`;
}
