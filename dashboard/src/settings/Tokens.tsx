import { useState } from 'react';
import { Answered, useAnswer } from '../api/answer.tsx';
import { type Answer, send } from '../api/ask.ts';
import { type Me, type Permission, useMe } from '../api/me.ts';
import { ActSaid } from '../parts/Act.tsx';
import { Head } from '../parts/Facts.tsx';
import { Form, InputField, SelectField } from '../parts/Form.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Glyph } from '../parts/Status.tsx';
import { spoken } from '../time.ts';
import { useCareful } from './Careful.tsx';
import { Once } from './Once.tsx';
import { SettingsPage } from './Overview.tsx';

type Mine = Answer<'users', 'myTokens'>;
type Token = Mine['tokens'][number];
type Made = Answer<'users', 'makeMyToken'>;
type Careful = ReturnType<typeof useCareful>;

/** What programs ask the API with. */
export function TokensPage() {
  const me = useMe();
  const mine = useAnswer<Mine>('/me/tokens');
  return (
    <SettingsPage>
      <Answered answer={mine}>{({ tokens }) => (me.data ? <Tokens me={me.data} tokens={tokens} /> : null)}</Answered>
    </SettingsPage>
  );
}

function Tokens({ me, tokens }: { readonly me: Me; readonly tokens: readonly Token[] }) {
  const careful = useCareful();
  const [made, setMade] = useState<Made | null>(null);
  return (
    <>
      <h1>{answerOf(tokens)}</h1>
      <p className="sub">
        A token speaks for you, with the role that you have at that time and within what you allow it. Send it as <code>Authorization: Bearer TOKEN</code>; what
        it may ask is listed at{' '}
        <a className="link" href="/api">
          /api
        </a>
        .
      </p>
      <ActSaid said={careful.said} />
      {careful.confirming}
      {made && (
        <Once
          title={`The token ${made.token.name}`}
          says={`It ends ${made.token.endsAt === null ? 'never' : `on ${spoken(made.token.endsAt)}`}.`}
          secrets={[made.secret]}
          done={() => setMade(null)}
        />
      )}
      <Panel title="Yours" note={`${tokens.length}`}>
        <TokenTable tokens={tokens} path="/me/tokens" careful={careful} />
      </Panel>
      <div className="half">
        <Make me={me} careful={careful} made={setMade} />
        {me.permissions.includes('tokens.write') && <Directory careful={careful} made={setMade} />}
      </div>
      {me.permissions.includes('tokens.write') && <Everybodys careful={careful} />}
    </>
  );
}

function answerOf(tokens: readonly Token[]): string {
  if (tokens.length === 0) return 'You have no token: no program speaks for you.';
  const idle = tokens.filter(({ usedAt }) => usedAt === null).length;
  const all = `${tokens.length} ${tokens.length === 1 ? 'token speaks' : 'tokens speak'} for you`;
  if (idle === 0) return `${all}.`;
  return tokens.length === 1 ? `${all}, and was never used.` : `${all}, ${idle} of them never used.`;
}

function TokenTable({ tokens, path, careful: { act, busy } }: { readonly tokens: readonly Token[]; readonly path: string; readonly careful: Careful }) {
  if (tokens.length === 0) return <p className="none">None.</p>;
  return (
    <Scroll>
      <table>
        <Head of={['Name', 'May', 'Made by', 'Made', 'Ends', 'Last used', { listen: 'Revoke' }]} />
        <tbody>
          {tokens.map(({ id, kind, name, scopes, madeBy, createdAt, endsAt, usedAt }) => (
            <tr key={id} data-row>
              <td>
                <bdi>{name}</bdi>
              </td>
              <td className="wrap">{kind === 'scim' ? 'keeps users over SCIM' : scopes === null ? 'all that its user may' : scopes.join(', ')}</td>
              <td>
                <bdi>{madeBy}</bdi>
              </td>
              <td className="nowrap">{spoken(createdAt)}</td>
              <td className="nowrap">{endsAt === null ? 'never' : spoken(endsAt)}</td>
              <td className="nowrap">
                {usedAt === null ? (
                  <>
                    <Glyph of="empty" label="Not used" /> never
                  </>
                ) : (
                  spoken(usedAt)
                )}
              </td>
              <td>
                <button
                  type="button"
                  className="linkish"
                  disabled={busy}
                  aria-label={`Revoke ${name}`}
                  onClick={() =>
                    void act(
                      () => send('POST', `${path}/${id}/revoke`),
                      () => `${name} opens nothing any more.`,
                    )
                  }
                >
                  Revoke
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

const MAY = [
  ['read', 'read all that I may read'],
  ['all', 'do all that I may'],
  ['some', 'do what I choose'],
] as const;

function Make({ me, careful: { act, busy }, made }: { readonly me: Me; readonly careful: Careful; readonly made: (made: Made) => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState(90);
  const [what, setWhat] = useState<(typeof MAY)[number][0]>('read');
  const [scopes, setScopes] = useState<readonly Permission[]>([]);
  const readable = me.permissions.filter((permission) => permission.endsWith('.read'));
  const asked = what === 'all' ? {} : { scopes: what === 'read' ? readable : scopes };
  const make = () =>
    void act(
      () => send<Made>('POST', '/me/tokens', { name: name.trim(), days, ...asked }),
      () => null,
    ).then((its) => {
      if (!its) return;
      made(its);
      setName('');
    });
  return (
    <Panel title="A new token" note="shown once">
      <Form button="Make the token" busy={busy} ready={name.trim() !== '' && (what !== 'some' || scopes.length > 0)} onDo={make}>
        <InputField
          id="token-name"
          name="Name, by which the audit trail tells what it did"
          required
          maxLength={60}
          placeholder="nightly export"
          value={name}
          onChange={setName}
        />
        <InputField
          name="Days until it ends"
          isShort
          type="number"
          min={1}
          max={366}
          required
          value={Number.isNaN(days) ? '' : String(days)}
          onChange={(text) => setDays(Number.parseInt(text, 10))}
        />
        <SelectField id="token-may" name="It may" value={what} onChange={setWhat} of={MAY} />
        {what === 'some' && (
          <fieldset className="scopes">
            <legend className="listen">What it may</legend>
            {me.permissions.map((permission) => (
              <label key={permission}>
                <input
                  type="checkbox"
                  checked={scopes.includes(permission)}
                  onChange={({ target }) => setScopes(target.checked ? [...scopes, permission] : scopes.filter((its) => its !== permission))}
                />
                {permission}
              </label>
            ))}
          </fieldset>
        )}
      </Form>
    </Panel>
  );
}

/** By which an identity provider keeps users and groups here. */
function Directory({ careful: { act, busy }, made }: { readonly careful: Careful; readonly made: (made: Made) => void }) {
  const [name, setName] = useState('');
  const make = () =>
    void act(
      () => send<Made>('POST', '/tokens', { name: name.trim(), days: 366 }),
      () => null,
    ).then((its) => {
      if (!its) return;
      made(its);
      setName('');
    });
  return (
    <Panel title="A token for your identity provider" note="SCIM 2.0, for a year">
      <Form isQuiet button="Make it" busy={busy} ready={name.trim() !== ''} onDo={make}>
        <p>
          With it the provider keeps users and groups here, and takes them away. Give it the token and the address <code>{location.origin}/scim/v2</code>.
        </p>
        <InputField name="Name" required maxLength={60} placeholder="Okta" value={name} onChange={setName} />
      </Form>
    </Panel>
  );
}

function Everybodys({ careful }: { readonly careful: Careful }) {
  const all = useAnswer<Answer<'users', 'tokens'>>('/tokens');
  if (!all.data) return null;
  return (
    <Panel title="Everybody’s" note={`${all.data.tokens.length}`}>
      <TokenTable tokens={all.data.tokens} path="/tokens" careful={careful} />
    </Panel>
  );
}
