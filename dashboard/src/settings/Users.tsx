import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Head } from '../parts/Facts.tsx';
import { Form, InputField } from '../parts/Form.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken, useTime } from '../time.ts';
import { BoundsFields, boundsFrom, type Role, RoleField, saidBounds } from './bounds.tsx';
import { useCareful } from './Careful.tsx';
import { Once } from './Once.tsx';
import { SettingsPage } from './Overview.tsx';

type List = Answer<'users', 'list'>;
type User = List['users'][number];
type Invited = Answer<'users', 'invite'>;

/** Who may sign in, and as what. */
export function UsersPage() {
  const answer = useAnswer<List>('/users', { limit: 500 });
  return (
    <SettingsPage>
      <Answered answer={answer}>{({ users, next }) => <Users users={users} more={next !== null} />}</Answered>
    </SettingsPage>
  );
}

function Users({ users, more }: { readonly users: readonly User[]; readonly more: boolean }) {
  const me = useMe();
  const time = useTime();
  const careful = useCareful();
  const [invited, setInvited] = useState<Invited | null>(null);
  const mayWrite = me.data?.permissions.includes('users.write') ?? false;
  return (
    <>
      <h1>{answerOf(users)}</h1>
      <p className="sub">Roles say who may do what; each change of one is a record in the log, and signs its user out.</p>
      <ActSaid said={careful.said} />
      {careful.confirming}
      {invited && (
        <Once
          title={`A link for ${invited.invitation.email ?? ''}`}
          says="Tickmark sends no mail: hand it on yourself. It opens once, within seven days."
          secrets={[invited.link]}
          done={() => setInvited(null)}
        />
      )}
      <Panel title="Everybody" note={more ? 'the first 500' : `${users.length}`}>
        <Scroll>
          <table>
            <Head of={['Who', 'Role', 'Sees', 'Second factor', 'Came by', 'Since', 'Last seen']} />
            <tbody>
              {users.map((user) => (
                <tr key={user.id} data-row>
                  <td>
                    <Link className="link" to="/settings/users/$id" params={{ id: user.id }} search={time}>
                      <bdi>{user.name}</bdi>
                    </Link>
                    <span className="sub2">
                      <bdi>{user.email}</bdi>
                    </span>
                  </td>
                  <td className="nowrap">{user.active ? user.role : <span className="faint">{user.role}, may not sign in</span>}</td>
                  <td>{saidBounds(user.bounds)}</td>
                  <td className="nowrap">
                    <SecondFactor of={user} />
                  </td>
                  <td>{user.cameBy}</td>
                  <td className="nowrap">{spoken(user.createdAt)}</td>
                  <td className="nowrap">{user.seenAt === null ? 'not signed in' : spoken(user.seenAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <Invitations mayWrite={mayWrite} careful={careful} />
      {mayWrite && <Invite careful={careful} invited={setInvited} />}
    </>
  );
}

const isWeak = ({ active, factors, hasPassword }: User): boolean => active && hasPassword && factors === 0;

function answerOf(users: readonly User[]): string {
  const active = users.filter((user) => user.active).length;
  const weak = users.filter(isWeak).length;
  const may = `${active} ${active === 1 ? 'person' : 'people'} may sign in`;
  return weak === 0 ? `${may}, nobody by a password alone.` : `${may}, ${weak} of them by a password alone.`;
}

function SecondFactor({ of: user }: { readonly of: User }) {
  if (user.factors > 0)
    return (
      <>
        <Glyph of="pass" label="Yes" /> {user.factors}
      </>
    );
  if (isWeak(user))
    return (
      <>
        <Glyph of="unknown" label="None" /> <b className="c-unknown">password alone</b>
      </>
    );
  return <span className="faint">{user.hasPassword ? 'none' : 'by provider or link'}</span>;
}

function Invitations({ mayWrite, careful: { act, busy } }: { readonly mayWrite: boolean; readonly careful: ReturnType<typeof useCareful> }) {
  const answer = useAnswer<Answer<'users', 'invitations'>>('/invitations');
  if (!answer.data || answer.data.invitations.length === 0) return null;
  return (
    <Panel title="Invited, and not come yet" note={`${answer.data.invitations.length}`}>
      <Scroll>
        <table>
          <Head of={['Address', 'As', 'Sees', 'By', 'Ends', ...(mayWrite ? [{ listen: 'Withdraw' }] : [])]} />
          <tbody>
            {answer.data.invitations.map(({ id, email, role, bounds, madeBy, endsAt }) => (
              <tr key={id} data-row>
                <td>
                  <bdi>{email}</bdi>
                </td>
                <td>{role}</td>
                <td>{saidBounds(bounds)}</td>
                <td>
                  <bdi>{madeBy}</bdi>
                </td>
                <td className="nowrap">{spoken(endsAt)}</td>
                {mayWrite && (
                  <td>
                    <button
                      type="button"
                      className="linkish"
                      disabled={busy}
                      aria-label={`Withdraw the invitation of ${email ?? ''}`}
                      onClick={() =>
                        void act(
                          () => send('POST', `/invitations/${id}/withdraw`),
                          () => 'Its link opens nothing any more.',
                        )
                      }
                    >
                      Withdraw
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Invite({ careful: { act, busy }, invited }: { readonly careful: ReturnType<typeof useCareful>; readonly invited: (its: Invited) => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [period, setPeriod] = useState('');
  const [controls, setControls] = useState('');
  const invite = () => {
    const bounds = role === 'auditor' ? boundsFrom(period, controls) : null;
    void act(
      () => send<Invited>('POST', '/invitations', { email: email.trim(), role, bounds }),
      () => null,
    ).then((its) => {
      if (!its) return;
      invited(its);
      setEmail('');
    });
  };
  return (
    <Panel title="Invite somebody">
      <Form button="Make the invitation" busy={busy} ready={email.trim() !== ''} onDo={invite}>
        <InputField
          id="invite-email"
          name="Address"
          type="email"
          required
          maxLength={254}
          placeholder="maria.lopez@acme.example"
          value={email}
          onChange={setEmail}
        />
        <RoleField id="invite-role" name="As" value={role} onChange={setRole} />
        {role === 'auditor' && <BoundsFields period={period} controls={controls} onPeriod={setPeriod} onControls={setControls} />}
      </Form>
    </Panel>
  );
}
