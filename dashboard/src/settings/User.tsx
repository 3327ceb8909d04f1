import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Fact, Head } from '../parts/Facts.tsx';
import { Form } from '../parts/Form.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel } from '../parts/Panel.tsx';
import { spoken } from '../time.ts';
import { BoundsFields, boundsFrom, type Role, RoleField, saidBounds } from './bounds.tsx';
import { useCareful } from './Careful.tsx';
import { Once } from './Once.tsx';
import { SettingsPage } from './Overview.tsx';
import { SessionTable } from './Sessions.tsx';

type Whole = Answer<'users', 'one'>;
type Careful = ReturnType<typeof useCareful>;

/** What one person may do here, how they sign in and where they are signed in. */
export function UserPage() {
  const { id = '' } = useParams({ strict: false });
  const answer = useAnswer<Whole>(`/users/${encodeURIComponent(id)}`);
  return (
    <SettingsPage>
      <Answered answer={answer}>{(whole) => <Page key={whole.user.id} whole={whole} />}</Answered>
    </SettingsPage>
  );
}

function Page({ whole: { user, factors, sessions } }: { readonly whole: Whole }) {
  const me = useMe();
  const careful = useCareful();
  const [link, setLink] = useState<string | null>(null);
  const { act, busy } = careful;
  const mayWrite = me.data?.permissions.includes('users.write') ?? false;
  const path = `/users/${encodeURIComponent(user.id)}`;
  const real = factors.filter(({ kind }) => kind !== 'recovery');
  return (
    <>
      <h1>
        <bdi>{user.name}</bdi> {user.active ? `may sign in as ${user.role}.` : 'may not sign in any more.'}
      </h1>
      <dl className="facts">
        <Fact name="Address">
          <bdi>{user.email}</bdi>
        </Fact>
        <Fact name="Sees">{saidBounds(user.bounds)}</Fact>
        <Fact name="Came by">
          {user.cameBy}, {spoken(user.createdAt)}
        </Fact>
        <Fact name="Changed">{spoken(user.changedAt)}</Fact>
      </dl>
      <ActSaid said={careful.said} />
      {careful.confirming}
      {link !== null && (
        <Once
          title={`A link for ${user.email}`}
          says="With it they choose anew how they sign in, once, within a day. Give it to nobody but them."
          secrets={[link]}
          done={() => setLink(null)}
        />
      )}
      <div className="half">
        <Panel title="How they sign in" note={user.hasPassword ? 'a password is set' : 'no password'}>
          {real.length === 0 ? (
            <p className="none">{user.hasPassword ? 'By the password alone: no second factor.' : 'By a provider or a link: they have no factor here.'}</p>
          ) : (
            <Scroll>
              <table>
                <Head of={['Kind', 'Name', 'Since', 'Last used']} />
                <tbody>
                  {real.map(({ id, kind, name, createdAt, usedAt }) => (
                    <tr key={id} data-row>
                      <td>{kind === 'totp' ? 'Authenticator' : 'Passkey'}</td>
                      <td>
                        <bdi>{name}</bdi>
                      </td>
                      <td className="nowrap">{spoken(createdAt)}</td>
                      <td className="nowrap">{usedAt === null ? 'never' : spoken(usedAt)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
          {mayWrite && <Reset user={user} careful={careful} made={setLink} />}
        </Panel>
        {mayWrite && <RoleForm user={user} careful={careful} />}
      </div>
      <Panel title="Where they are signed in" note={`${sessions.length}`}>
        <SessionTable
          sessions={sessions}
          own={me.data?.session?.id ?? null}
          busy={busy}
          {...(mayWrite
            ? {
                end: ({ id, createdAt }) =>
                  void act(
                    () => send('POST', `${path}/sessions/end`, { session: id }),
                    () => `The session of ${spoken(createdAt)} has ended.`,
                  ),
              }
            : {})}
        />
      </Panel>
    </>
  );
}

/** Of somebody who has lost what they sign in with. */
function Reset({ user, careful: { act, busy }, made }: { readonly user: Whole['user']; readonly careful: Careful; readonly made: (link: string) => void }) {
  const [asked, setAsked] = useState(false);
  const reset = () =>
    void act(
      () => send<Answer<'users', 'reset'>>('POST', `/users/${encodeURIComponent(user.id)}/reset`),
      () => 'Password and factors are gone, and their sessions have ended.',
    ).then((its) => {
      setAsked(false);
      if (its) made(its.link);
    });
  return (
    <div className="acting">
      {asked ? (
        <>
          <p>
            Their password and every factor are taken, their sessions end, and you get a link to hand to them. See first that it is <bdi>{user.name}</bdi> who
            asks.
          </p>
          <div className="row">
            <button type="button" className="btn primary" disabled={busy} onClick={reset}>
              Take them, and make a link
            </button>
            <button type="button" className="btn" onClick={() => setAsked(false)}>
              Change nothing
            </button>
          </div>
        </>
      ) : (
        <div className="row">
          <button type="button" className="btn" onClick={() => setAsked(true)}>
            They lost what they sign in with
          </button>
        </div>
      )}
    </div>
  );
}

function RoleForm({ user, careful: { act, busy } }: { readonly user: Whole['user']; readonly careful: Careful }) {
  const [role, setRole] = useState<Role>(user.role);
  const [period, setPeriod] = useState(user.bounds?.period ? `${user.bounds.period.from}..${user.bounds.period.to}` : '');
  const [controls, setControls] = useState(user.bounds?.controls?.join(' ') ?? '');
  const path = `/users/${encodeURIComponent(user.id)}`;
  const change = () =>
    void act(
      () => send('PATCH', path, { role, bounds: role === 'auditor' ? boundsFrom(period, controls) : null }),
      () => `Changed to ${role}, and signed out everywhere.`,
    );
  return (
    <Panel title="What they may do">
      <Form
        isQuiet
        button="Change the role"
        busy={busy}
        onDo={change}
        beside={
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={() =>
              void act(
                () => send('PATCH', path, { active: !user.active }),
                () => (user.active ? 'They may not sign in any more, and are signed in nowhere.' : 'They may sign in again.'),
              )
            }
          >
            {user.active ? 'Do not let them in any more' : 'Let them in again'}
          </button>
        }
      >
        <RoleField name="Role" value={role} onChange={setRole} />
        {role === 'auditor' && <BoundsFields period={period} controls={controls} onPeriod={setPeriod} onControls={setControls} />}
      </Form>
    </Panel>
  );
}
