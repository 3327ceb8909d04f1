import { spokenDuration } from '../../../src/core/spoken.ts';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Head } from '../parts/Facts.tsx';
import { Glyph, type Shown } from '../parts/Status.tsx';
import { spoken } from '../time.ts';

type View = Answer<'jobs', 'view'>;
type Slot = NonNullable<View['schedules'][number]['last']>;

const GLYPHS: Readonly<Record<Slot['state'], Shown>> = {
  queued: 'empty',
  running: 'empty',
  retry: 'unknown',
  skipping: 'unknown',
  skipped: 'unknown',
  done: 'pass',
  failed: 'fail',
};

/** What Tickmark does by itself, and whether anything stands in the way. */
export function JobsPage() {
  const answer = useAnswer<View>('/jobs');
  const { act, busy, said } = useAct();
  return (
    <Answered answer={answer}>
      {({ schedules, workers, troubles, asOf }) => (
        <>
          <h1>
            {troubles.length === 0
              ? `${schedules.length} schedules, nothing stands in the way.`
              : `${troubles.length} ${troubles.length === 1 ? 'trouble' : 'troubles'} with what runs by itself.`}
          </h1>
          {troubles.map(({ kind, what, since, says }) => (
            <p key={`${kind} ${what}`} className="notice bad" role="alert">
              <b>{what}</b> since {spoken(since)}: {says}
            </p>
          ))}
          <ActSaid said={said} />
          <Panel title="Schedules" note="a slot is run once, made up, or recorded as skipped">
            <div className="scroll">
              <table>
                <Head of={['Schedule', 'When', 'Last', 'What came of it', 'Next', { listen: 'Acts' }]} />
                <tbody>
                  {schedules.map(({ schedule, says, next, paused, open, last }) => (
                    <tr key={schedule} data-row>
                      <td className="wrap">{schedule}</td>
                      <td>{says}</td>
                      <td className="nowrap">
                        {last && (
                          <>
                            <Glyph of={GLYPHS[last.state]} label={last.state} /> {spoken(last.finishedAt ?? last.slot)}
                          </>
                        )}
                        {open && (
                          <span className="sub2">
                            {open.state}, attempt {open.attempt + 1}
                          </span>
                        )}
                      </td>
                      <td className="wrap">{paused ? `Paused by ${paused.by}: ${paused.because}` : last?.note}</td>
                      <td className="nowrap">{next === null ? '' : spoken(next)}</td>
                      <td className="nowrap">
                        <button
                          type="button"
                          className="linkish"
                          disabled={busy}
                          onClick={() => void act(send('POST', '/jobs/run', { schedule }), () => `${schedule} is queued.`)}
                        >
                          Run now
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
          <Panel title="Workers" note={`${workers.filter(({ alive }) => alive).length} alive`}>
            <ul className="next">
              {workers.map(({ id, version, alive, startedAt, beatAt, doing, clockAheadMs }) => (
                <li key={id}>
                  <b>
                    <Glyph of={alive ? 'pass' : 'unknown'} label={alive ? 'Alive' : 'Silent'} /> {id}
                  </b>
                  <span>
                    {version}, since {spoken(startedAt)}, heard of {spokenDuration(Date.parse(asOf) - Date.parse(beatAt))} ago
                    {Math.abs(clockAheadMs) > 1000 && `, its clock is off by ${spokenDuration(Math.abs(clockAheadMs))}`}
                    {doing.length > 0 && `: ${doing.join(', ')}`}
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
