import { useParams } from '@tanstack/react-router';
import { spokenDuration } from '../../../src/core/spoken.ts';
import { FindingActs, WaiverAsked } from '../acts/FindingActs.tsx';
import { FindingHistory } from '../acts/History.tsx';
import { Answered, useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { ControlTags, Fact, Head } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Told } from '../parts/Told.tsx';
import { askedAt, spoken, useTime } from '../time.ts';
import { State } from './Findings.tsx';

/** One case: every time it deviated, and what was decided about it. */
export function FindingPage() {
  const { id = '' } = useParams({ strict: false });
  const time = useTime();
  const answer = useAnswer<Answer<'findings', 'read'>>(`/findings/${encodeURIComponent(id)}`, askedAt(time));
  const waivers = useAnswer<Answer<'findings', 'waivers'>>('/waivers', { asOf: time.at });
  return (
    <Answered answer={answer}>
      {({ finding: it }) => (
        <>
          <h1>
            <bdi>{it.item.label}</bdi>: {it.title}
          </h1>
          <dl className="facts">
            <Fact name="State">
              <State of={it} />
            </Fact>
            <Fact name="Severity">{it.severity}</Fact>
            <Fact name={it.assigned ? 'Assigned to' : 'Owner by its control'}>
              <bdi>{it.owner}</bdi>
            </Fact>
            <Fact name="Due" className={it.overdue ? 'c-fail' : undefined}>
              {spoken(it.due)}
            </Fact>
            {it.timeToFixMs !== null && <Fact name="Time to fix">{spokenDuration(it.timeToFixMs)}</Fact>}
            <Fact name="Controls">
              <ControlTags of={it.controls} />
            </Fact>
          </dl>
          {it.waiver && (
            <p className="notice waived" role="note">
              Waived by {it.waiver.by} until {spoken(it.waiver.until)}, still a deviation: {it.waiver.because}. <Records of={it.waiver.records} />
            </p>
          )}
          {it.awaitsProof && (
            <p className="notice" role="note">
              It is said to be fixed. Only a collection that shows it gone closes it.
            </p>
          )}
          {it.unknown && (
            <p className="notice" role="note">
              The evidence that would tell is missing now: it stays as it was last known.
            </p>
          )}
          <Panel title="When it deviated" note={it.reopened > 0 ? `came back ${it.reopened === 1 ? 'once' : `${it.reopened} times`}` : null}>
            <div className="scroll">
              <table>
                <Head of={['From', 'Up to', 'Because', 'Due', 'Ended by', 'Records']} />
                <tbody>
                  {it.spells.map(({ from, to, because, due, end, records }) => (
                    <tr key={from}>
                      <td className="nowrap">{spoken(from)}</td>
                      <td className="nowrap">{to === null ? 'still so' : spoken(to)}</td>
                      <td>
                        <Told of={because} />
                      </td>
                      <td className="nowrap">{spoken(due)}</td>
                      <td>
                        {end?.how} {end && <Records of={end.records} />}
                      </td>
                      <td>
                        <Records of={records} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
          <div className="finding-grid">
            <div>
              <FindingHistory of={it.history} />
              {problems(it.entries)}
            </div>
            <div className="finding-side">
              {waivers.data?.waivers
                .filter((line) => line.finding === it.id && (line.state === 'not approved' || line.state === 'in force'))
                .map((line) => (
                  <WaiverAsked key={line.id} line={line} />
                ))}
              <FindingActs key={it.state} finding={it} />
            </div>
          </div>
        </>
      )}
    </Answered>
  );
}

/** Entries that count for nothing, each with the reason: nobody is to believe that they do. */
const problems = (entries: Answer<'findings', 'read'>['finding']['entries']) =>
  entries.flatMap(({ id, problem, records }) =>
    problem === null
      ? []
      : [
          <p key={id} className="notice" role="note">
            The entry {id} does not count: {problem}. <Records of={records} />
          </p>,
        ],
  );
