import { useAnswer } from '../api/answer.tsx';
import type { Answer } from '../api/ask.ts';
import { Head } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Glyph } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import { askedAt, spoken, useTime } from '../time.ts';

type Whole = Answer<'people', 'read'>;
type Lane = Whole['person']['lanes'][number];
type Rows = Answer<'families', 'rows'>;

/** So many rows of one account are named. */
const MOST = 200;

/** What each account of a person holds and is protected by, and what they have learned. */
export function PersonFacts({ person, asOf }: { readonly person: Whole['person']; readonly asOf: string }) {
  const there = person.lanes.filter((lane) => lane.own && lane.there);
  return (
    <>
      {there.length > 0 && (
        <Panel title="Access and second factors" note="of the accounts that are there, by the word of each system">
          <Scroll>
            <table>
              <Head of={['Account', 'Groups, applications and roles', 'Second factors', 'Records']} />
              <tbody>
                {there.map((lane) => (
                  <Holding key={`${lane.source} ${lane.partition} ${lane.key}`} lane={lane} />
                ))}
              </tbody>
            </table>
          </Scroll>
        </Panel>
      )}
      <Training person={person} asOf={asOf} />
    </>
  );
}

interface Held extends Pick<Rows, 'rows' | 'covered' | 'gaps'> {
  /** Whether the source of the account tells of such things at all: where it does not, that there is no row says nothing. */
  readonly told: boolean;
}

/** Rows of a dataset about one account. */
function useHeld(dataset: string, { source, key, system }: Lane): Held | undefined {
  const time = useTime();
  const sources = useAnswer<Answer<'sources', 'list'>>('/sources').data?.sources;
  const its = useAnswer<Rows>(`/datasets/${dataset}/rows`, { ...askedAt(time), where: [`systemId:${system}`, `userId:${key}`], limit: MOST }).data;
  return sources && its && { ...its, told: sources.some(({ collector, name, feeds }) => `${collector}/${name}` === source && feeds.includes(dataset)) };
}

function Holding({ lane }: { readonly lane: Lane }) {
  const [held, factors] = [useHeld('identity.memberships', lane), useHeld('identity.mfa-factors', lane)];
  const active = factors?.rows.filter(({ row }) => row.status === 'active') ?? [];
  return (
    <tr data-row>
      <td>
        <bdi>{lane.login}</bdi> <span className="sub2">{lane.system}</span>
      </td>
      <td>
        {held?.rows.length === 0 && <None of={held} says="none" />}
        {held?.rows.map(({ key, row }, place) => (
          <span key={key}>
            {place > 0 && ', '}
            <bdi>{String(row.name)}</bdi> <span className="faint">{String(row.kind)}</span>
            {row.privileged === true && <b className="tag">administrative</b>}
          </span>
        ))}
      </td>
      <td>
        {factors && active.length === 0 && <None of={factors} says="none that is active" />}
        {active.map(({ row }) => String(row.type)).join(', ')}
      </td>
      <td>
        <Records of={[...new Set([...(held?.rows ?? []), ...active].flatMap(({ records }) => records))].sort((a, b) => b - a)} most={2} />
      </td>
    </tr>
  );
}

/** Nothing is none where everything was told, and not known else. */
const None = ({ of, says }: { readonly of: Pick<Held, 'covered' | 'gaps' | 'told'>; readonly says: string }) =>
  !of.told ? (
    <span className="c-unknown">
      <Glyph of="unknown" /> its source does not tell
    </span>
  ) : of.covered ? (
    <span className="faint">{says}</span>
  ) : (
    <span className="c-unknown" title={of.gaps.join(' ')}>
      <Glyph of="unknown" /> not told
    </span>
  );

function Training({ person, asOf }: { readonly person: Whole['person']; readonly asOf: string }) {
  const time = useTime();
  const [email] = person.emails;
  const answer = useAnswer<Rows>('/datasets/training.completions/rows', {
    ...askedAt(time),
    where: [email === undefined ? `hrId:${person.id}` : `learnerEmails~${email}`],
    period: `${person.startAt}..${new Date(Date.parse(asOf) + 1).toISOString()}`,
    sort: '-knownSince',
    limit: MOST,
  });
  const its = answer.data;
  if (!its) return null;
  return (
    <Panel title="Training" note="courses that were assigned since they began">
      {!its.covered && (
        <div className="pad">
          <p className="notice" role="note">
            <Told of={its.gaps[0] ?? 'Not everything was told'} />. What is not listed is not known.
          </p>
        </div>
      )}
      {its.rows.length === 0 ? (
        <p className="pad">
          <None of={{ ...its, told: true }} says="No course was assigned to them, by all that was told." />
        </p>
      ) : (
        <Scroll>
          <table>
            <Head of={['Course', 'Assigned', 'Completed', 'Passed', 'Records']} />
            <tbody>
              {its.rows.map(({ source, key, row, records }) => (
                <tr key={`${source} ${key}`} data-row>
                  <td>
                    <bdi>{String(row.course)}</bdi>
                  </td>
                  <td className="nowrap">{dated(row.assignedAt)}</td>
                  <td className="nowrap">{dated(row.completedAt)}</td>
                  <td>{row.passed === 'yes' ? <Glyph of="pass" label="Passed" /> : row.passed === 'unknown' ? <Glyph of="unknown" /> : 'not yet'}</td>
                  <td>
                    <Records of={records} most={2} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

const dated = (value: Rows['rows'][number]['row'][string] | undefined): string => (typeof value === 'string' ? spoken(value).slice(0, 10) : '');
