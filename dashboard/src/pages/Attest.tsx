import { Link, useParams } from '@tanstack/react-router';
import { Refused } from '../api/answer.tsx';
import { Held } from '../acts/Acts.tsx';
import { useActing } from '../acts/may.ts';
import { StatementForm } from '../acts/StatementForm.tsx';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, Problem } from '../api/ask.ts';
import { Head } from '../parts/Facts.tsx';
import { Panel, Records } from '../parts/Panel.tsx';
import { spoken, useTime } from '../time.ts';

type Kinds = Answer<'statements', 'kinds'>;

/** What people can state. */
export function AttestsPage() {
  const time = useTime();
  const answer = useAnswer<Kinds>('/statements/kinds');
  return (
    <Answered answer={answer}>
      {({ kinds }) => (
        <>
          <h1>{kinds.length} kinds of things can be stated by people.</h1>
          <p className="sub">What no machine knows, people say: each statement is a record of the log under the name of who made it.</p>
          <section className="panel">
            <div className="scroll">
              <table>
                <Head of={['Kind', 'What it is', 'Counts']} />
                <tbody>
                  {kinds.map(({ id, title, needsApproval }) => (
                    <tr key={id} data-row>
                      <td className="nowrap">
                        <Link className="link" to="/attest/$kind" params={{ kind: id }} search={time}>
                          {id}
                        </Link>
                      </td>
                      <td>{title}</td>
                      <td className="nowrap">{needsApproval ? 'once another approved it' : 'at once'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        </>
      )}
    </Answered>
  );
}

/** One kind: a form to state it, and what was stated of it. */
export function AttestPage() {
  const { kind = '' } = useParams({ strict: false });
  const answer = useAnswer<Kinds>('/statements/kinds');
  const { me, may, held } = useActing();
  return (
    <Answered answer={answer}>
      {({ kinds }) => {
        const its = kinds.find(({ id }) => id === kind);
        if (!its) return <Refused problem={missing(kind)} />;
        return (
          <>
            <h1>{its.title}.</h1>
            <p className="sub">
              {its.needsApproval ? 'It counts once somebody else has approved it.' : 'It counts at once.'} It is sealed under your name, and a correction is
              another record.
            </p>
            {me !== undefined && !may('statements.make') && (
              <p className="notice" role="note">
                Your role reads statements and makes none. An admin can change that.
              </p>
            )}
            <Held because={held} />
            {may('statements.make') && (
              <section className="panel">
                <StatementForm kind={kind} held={held} />
              </section>
            )}
            <Standing kind={kind} />
          </>
        );
      }}
    </Answered>
  );
}

const missing = (kind: string): Problem =>
  new Problem({ status: 404, type: 'not-found', title: 'Nothing is here', detail: `No kind of statement is called ${kind}.`, instance: null });

const SHOWN = { key: 'signed with their key', session: 'signed in', token: 'by their token', none: 'not authenticated' } as const;

function Standing({ kind }: { readonly kind: string }) {
  const answer = useAnswer<Answer<'statements', 'list'>>('/statements', { kind });
  if (!answer.data) return null;
  const { statements } = answer.data;
  return (
    <Panel title="What stands" note={statements.length === 0 ? null : `${statements.length}${answer.data.next === null ? '' : ' or more'}`}>
      {statements.length === 0 ? (
        <p className="none">Nobody has stated any of this here. Entries of files are not listed: they stand in the registers.</p>
      ) : (
        <div className="scroll">
          <table>
            <Head of={['What', 'Stated by', 'Known by', 'Approved by', 'On', 'Record']} />
            <tbody>
              {statements.map(({ entry, title, by, knownBy, approvedBy, needsApproval, at, record }) => (
                <tr key={entry} data-row>
                  <td>
                    <bdi>{title}</bdi>
                    <span className="sub2">{entry}</span>
                  </td>
                  <td>
                    <bdi>{by}</bdi>
                  </td>
                  <td className={knownBy === 'none' ? 'c-unknown' : undefined}>{SHOWN[knownBy]}</td>
                  <td>{approvedBy.length > 0 ? approvedBy.join(', ') : needsApproval ? 'nobody yet' : ''}</td>
                  <td className="nowrap">{spoken(at)}</td>
                  <td>
                    <Records of={[record]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
