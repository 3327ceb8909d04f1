import type { Answer } from '../api/ask.ts';
import { Head } from '../parts/Facts.tsx';
import { Scroll } from '../parts/Scroll.tsx';
import { Records } from '../parts/Panel.tsx';
import { spoken } from '../time.ts';

export type Session = Answer<'users', 'mySessions'>['sessions'][number];

const WAYS: Readonly<Record<string, string>> = {
  password: 'password',
  totp: 'authenticator',
  recovery: 'recovery code',
  passkey: 'passkey',
  oidc: 'OpenID Connect',
  saml: 'SAML',
  'oidc-mfa': 'second factor of the provider',
  'saml-mfa': 'second factor of the provider',
  link: 'link',
};

/** Where somebody is signed in; without `end` nothing can be done about it. */
export function SessionTable({
  sessions,
  own,
  busy,
  end,
}: {
  readonly sessions: readonly Session[];
  readonly own: string | null;
  readonly busy: boolean;
  readonly end?: (session: Session) => void;
}) {
  if (sessions.length === 0) return <p className="none">Nowhere.</p>;
  return (
    <Scroll>
      <table>
        <Head of={['Opened', 'By', 'Last used', 'From', 'Browser', 'Record', ...(end ? [{ listen: 'End' }] : [])]} />
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id} data-row>
              <td className="nowrap">{spoken(session.createdAt)}</td>
              <td>{session.methods.map((method) => WAYS[method] ?? method).join(', ')}</td>
              <td className="nowrap">{spoken(session.seenAt)}</td>
              <td className="mono nowrap">{session.address}</td>
              <td className="clip">
                <bdi title={session.agent}>{browserIn(session.agent)}</bdi>
              </td>
              <td>
                <Records of={[session.record]} />
              </td>
              {end && (
                <td className="nowrap">
                  {session.id === own ? (
                    <span className="faint">this one</span>
                  ) : (
                    <button
                      type="button"
                      className="linkish"
                      disabled={busy}
                      aria-label={`End the session of ${spoken(session.createdAt)}`}
                      onClick={() => end(session)}
                    >
                      End
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The part of what a browser calls itself that somebody knows it by; the whole where there is none. */
function browserIn(agent: string): string {
  const name = /(Edg|OPR|Firefox|Chrome|Version)\/(\d+)/.exec(agent);
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/.exec(agent)?.[0];
  if (!name) return agent || 'not said';
  const called = { Edg: 'Edge', OPR: 'Opera', Version: 'Safari' }[name[1] ?? ''] ?? name[1];
  return `${called} ${name[2]}${system ? ` on ${system}` : ''}`;
}
