import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { type Me, useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Head } from '../parts/Facts.tsx';
import { Form, InputField } from '../parts/Form.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken } from '../time.ts';
import { useCareful } from './Careful.tsx';
import { Once, Qr } from './Once.tsx';
import { addPasskey, canHavePasskeys } from './passkeys.ts';
import { SettingsPage } from './Overview.tsx';
import { SessionTable } from './Sessions.tsx';

type Careful = ReturnType<typeof useCareful>;

/** How one signs in, and whether that is enough. */
export function AccountPage() {
  const me = useMe();
  return (
    <SettingsPage>
      <Answered answer={me}>{(who) => <Account key={who.id} me={who} />}</Answered>
    </SettingsPage>
  );
}

function Account({ me }: { readonly me: Me }) {
  const careful = useCareful();
  const real = me.factors.filter(({ kind }) => kind !== 'recovery');
  return (
    <>
      <h1>{answerOf(me)}</h1>
      <p className="sub">
        <bdi>{me.name}</bdi>, {me.role}
        {me.bounds !== null && ', bounded to an audit'}. What you do in Tickmark is a record in the log.
      </p>
      {me.kind === 'user' && me.hasPassword && real.length === 0 && (
        <p className="notice" role="note">
          Whoever learns your password is you. An authenticator or a passkey makes that two things to learn.
        </p>
      )}
      <ActSaid said={careful.said} />
      {careful.confirming}
      <div className="half">
        <Factors me={me} careful={careful} />
        <div>
          <Password me={me} careful={careful} />
          <Leaving />
        </div>
      </div>
      <Sessions own={me.session?.id ?? null} careful={careful} />
    </>
  );
}

function answerOf({ kind, factors, hasPassword }: Me): string {
  if (kind === 'token') return 'A token asks: it signs in nowhere.';
  const ways = [
    ...(hasPassword ? ['a password'] : []),
    ...(factors.some((its) => its.kind === 'totp') ? ['an authenticator'] : []),
    ...(factors.some((its) => its.kind === 'passkey') ? ['a passkey'] : []),
  ];
  if (ways.length === 0) return 'You sign in by a link or by your provider, and have nothing of your own here yet.';
  if (ways.length === 1 && hasPassword) return 'You sign in by a password alone.';
  return `You sign in by ${ways.join(ways.length > 2 ? ', ' : ' and ').replace(/, (?!.*, )/, ' and ')}.`;
}

const FACTORS = { totp: 'Authenticator', passkey: 'Passkey', recovery: 'Recovery code' } as const;

function Factors({ me, careful }: { readonly me: Me; readonly careful: Careful }) {
  const { act, busy } = careful;
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [name, setName] = useState('');
  const real = me.factors.filter(({ kind }) => kind !== 'recovery');
  const left = me.factors.length - real.length;
  return (
    <Panel title="Second factors" note={real.length === 0 ? 'none' : `${real.length}, and ${left} recovery ${left === 1 ? 'code' : 'codes'} left`}>
      {real.length > 0 && (
        <Scroll>
          <table>
            <Head of={['Kind', 'Name', 'Since', 'Last used', { listen: 'Remove' }]} />
            <tbody>
              {real.map(({ id, kind, name: called, createdAt, usedAt }) => (
                <tr key={id} data-row>
                  <td className="nowrap">
                    <Glyph of="pass" label="Counts" /> {FACTORS[kind]}
                  </td>
                  <td>
                    <bdi>{called}</bdi>
                  </td>
                  <td className="nowrap">{spoken(createdAt)}</td>
                  <td className="nowrap">{usedAt === null ? 'never' : spoken(usedAt)}</td>
                  <td>
                    <button
                      type="button"
                      className="linkish"
                      disabled={busy}
                      aria-label={`Remove ${called}`}
                      onClick={() =>
                        void act(
                          () => send('POST', `/me/factors/${id}/remove`),
                          () => `${called} counts no more.`,
                        )
                      }
                    >
                      Remove
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {codes && (
        <Once
          title="Your recovery codes"
          says="Each stands in once for your second factor. Keep them where your phone is not. Those of before count no more."
          secrets={codes}
          done={() => setCodes(null)}
        />
      )}
      <div className="acting">
        {adding ? (
          <Authenticator careful={careful} done={() => setAdding(false)} />
        ) : (
          <div className="row">
            <button type="button" className="btn" disabled={busy} onClick={() => setAdding(true)}>
              Add an authenticator
            </button>
            {real.length > 0 && (
              <button
                type="button"
                className="btn"
                disabled={busy}
                onClick={() =>
                  void act(
                    () => send<Answer<'account', 'recoveryCodes'>>('POST', '/me/recovery-codes'),
                    () => null,
                  ).then((made) => made && setCodes(made.codes))
                }
              >
                {left === 0 ? 'Make recovery codes' : 'Make new recovery codes'}
              </button>
            )}
          </div>
        )}
        {canHavePasskeys() ? (
          <div className="row">
            <input
              className="field"
              aria-label="Name of the passkey"
              placeholder="Laptop"
              maxLength={60}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
            <button
              type="button"
              className="btn"
              disabled={busy}
              onClick={() =>
                void act(
                  () => addPasskey(name.trim() || 'Passkey'),
                  () => 'The passkey is added.',
                ).then(() => setName(''))
              }
            >
              Add a passkey
            </button>
          </div>
        ) : (
          <p className="faint">Passkeys belong to a host name: open this server by its name, or as localhost, to add one.</p>
        )}
      </div>
    </Panel>
  );
}

type Offer = Answer<'account', 'offerAuthenticator'>;

/** A secret, as a picture and as text, and the code that shows that it arrived. */
function Authenticator({ careful: { act, busy }, done }: { readonly careful: Careful; readonly done: () => void }) {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [code, setCode] = useState('');
  const [name, setName] = useState('Phone');
  const begin = () =>
    void act(
      () => send<Offer>('POST', '/me/authenticator/offer'),
      () => null,
    ).then(setOffer);
  const add = ({ offer: its }: Offer) =>
    void act(
      () => send('POST', '/me/authenticator', { offer: its, code: code.replace(/\s/g, ''), name: name.trim() || 'Authenticator' }),
      () => 'The authenticator is added. Make recovery codes now: they open your account when the phone is lost.',
    ).then((added) => added && done());
  if (!offer)
    return (
      <div className="stack">
        <p>An app that makes codes reads a picture, and from then on signing in asks for a code of it.</p>
        <div className="row">
          <button type="button" className="btn primary" disabled={busy} onClick={begin}>
            Show the picture
          </button>
          <button type="button" className="btn" onClick={done}>
            Not now
          </button>
        </div>
      </div>
    );
  return (
    <Form
      className="stack"
      button="Add it"
      busy={busy}
      ready={code.trim() !== ''}
      onDo={() => add(offer)}
      beside={
        <button type="button" className="btn" onClick={done}>
          Not now
        </button>
      }
    >
      <p>Read this with the app, and type the code that it shows.</p>
      <Qr rows={offer.qr} label="The secret for the authenticator, which stands beside it as text" />
      <p>
        Or type it: <code className="secret">{(offer.secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
      </p>
      <InputField name="Name" value={name} maxLength={60} onChange={setName} />
      <InputField id="totp-code" name="Code" isShort inputMode="numeric" autoComplete="one-time-code" required maxLength={10} value={code} onChange={setCode} />
    </Form>
  );
}

function Password({ me, careful: { act, busy } }: { readonly me: Me; readonly careful: Careful }) {
  const [password, setPassword] = useState('');
  const set = () =>
    void act(
      () => send('POST', '/me/password', { password }),
      () => 'Your password is set, and your other sessions have ended.',
    ).then((done) => done && setPassword(''));
  return (
    <Panel title="Password" note={me.hasPassword ? 'set' : 'none'}>
      <Form isQuiet button={me.hasPassword ? 'Change password' : 'Set password'} busy={busy} ready={password !== ''} onDo={set}>
        <input type="hidden" name="username" autoComplete="username" value={me.email ?? ''} />
        <InputField
          name={`${me.hasPassword ? 'New password' : 'Password'}, at least 12 characters`}
          type="password"
          autoComplete="new-password"
          required
          maxLength={256}
          value={password}
          onChange={setPassword}
        />
      </Form>
    </Panel>
  );
}

function Leaving() {
  const out = () => void fetch('/sign-out', { method: 'POST', credentials: 'same-origin' }).then(() => location.assign('/sign-in'));
  return (
    <Panel title="This session">
      <div className="acting">
        <div className="row">
          <button type="button" className="btn" onClick={out}>
            Sign out
          </button>
        </div>
      </div>
    </Panel>
  );
}

function Sessions({ own, careful: { act, busy } }: { readonly own: string | null; readonly careful: Careful }) {
  const answer = useAnswer<Answer<'users', 'mySessions'>>('/me/sessions');
  if (!answer.data) return null;
  const { sessions } = answer.data;
  return (
    <Panel title="Where you are signed in" note={`${sessions.length}`}>
      <SessionTable
        sessions={sessions}
        own={own}
        busy={busy}
        end={({ id, createdAt }) =>
          void act(
            () => send('POST', '/me/sessions/end', { session: id }),
            () => `The session of ${spoken(createdAt)} has ended.`,
          )
        }
      />
      {sessions.length > 1 && (
        <div className="acting">
          <div className="row">
            <button
              type="button"
              className="btn"
              disabled={busy}
              onClick={() =>
                void act(
                  () => send<Answer<'users', 'endMySessions'>>('POST', '/me/sessions/end'),
                  ({ ended }) => `${ended} other ${ended === 1 ? 'session has' : 'sessions have'} ended.`,
                )
              }
            >
              End all other sessions
            </button>
          </div>
        </div>
      )}
    </Panel>
  );
}
