import { Accept } from '../acts/Accept.tsx';
import { Held } from '../acts/Acts.tsx';
import { useActing } from '../acts/may.ts';
import type { Answer } from '../api/ask.ts';
import { Head } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Status } from '../parts/Status.tsx';
import { Told } from '../parts/Told.tsx';
import { spoken } from '../time.ts';

type Whole = Answer<'people', 'read'>;
type Policy = Whole['policies']['lines'][number];

/** What somebody has accepted of the policies, and what they owe; on their own page they accept it. */
export function PersonPolicies({ person, policies: { covered, gaps, lines } }: Pick<Whole, 'person' | 'policies'>) {
  const { me, may, held } = useActing();
  const own = typeof me?.email === 'string' && person.emails.includes(me.email) && may('statements.make');
  return (
    <Panel title="Policies" note="which version of each they have accepted, and by which record that is known">
      {!covered && (
        <div className="pad">
          {gaps.map((gap) => (
            <p key={gap} className="notice" role="note">
              <Told of={gap} /> What is not accepted here is not known.
            </p>
          ))}
        </div>
      )}
      {lines.length === 0 ? (
        <p className="pad">{covered ? <span className="faint">No policy is in force, by all that was told.</span> : <Status of="unknown">not told</Status>}</p>
      ) : (
        <Scroll>
          <table>
            <Head of={['Policy', 'In force', 'Accepted', 'How it stands', 'Records']} />
            <tbody>
              {lines.map((line) => (
                <Line key={line.policy} of={line} own={own} held={held} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

/** What shows that it was their own act. */
const SHOWN: Readonly<Record<Policy['accepted'][number]['shownBy'], string>> = {
  commit: 'by a commit of theirs',
  key: 'signed with their key',
  session: 'signed in',
  system: 'in the system of record',
  none: 'nothing shows that it was they',
  unknown: 'nothing shows that it was they',
};

function Line({
  of: { policy, title, current, accepted, state, due },
  own,
  held,
}: {
  readonly of: Policy;
  readonly own: boolean;
  readonly held: string | null;
}) {
  const open = own && current !== null && (state === 'owed' || state === 'overdue');
  return (
    <tr data-row>
      <td>
        <bdi>{title}</bdi>
        {current?.location != null && (
          <span className="sub2">
            <bdi>{current.location}</bdi>
          </span>
        )}
      </td>
      <td className="nowrap">
        {current && (
          <>
            version <bdi>{current.version}</bdi>
            <span className="sub2">since {day(current.since)}</span>
          </>
        )}
      </td>
      <td className="nowrap">
        {accepted.map(({ version, at, shownBy }) => (
          <div key={`${version} ${at}`}>
            version <bdi>{version}</bdi> on {day(at)} <span className="sub2">{SHOWN[shownBy]}</span>
          </div>
        ))}
      </td>
      <td>
        <Standing state={state} due={due} />
        {open && <Held because={held} />}
        {open && <Accept policy={policy} version={current.version} held={held} />}
      </td>
      <td>
        <Records of={[...new Set([...accepted.flatMap(({ records }) => records), ...(current?.records ?? [])])]} most={3} />
      </td>
    </tr>
  );
}

function Standing({ state, due }: Pick<Policy, 'state' | 'due'>) {
  if (state === 'accepted') return <Status of="pass">accepted</Status>;
  if (state === 'overdue') return <Status of="fail">owed since {day(due)}</Status>;
  if (state === 'owed') return <Status of="empty">owed by {day(due)}</Status>;
  if (state === 'unknown') return <Status of="unknown">not known</Status>;
  return <span className="faint">not asked of them</span>;
}

const day = (moment: string | null): string => (moment === null ? '' : spoken(moment).slice(0, 10));
