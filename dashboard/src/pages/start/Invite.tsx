import { type FormEvent, useState } from 'react';
import { type Answer, Problem, send } from '../../api/ask.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Text } from './fields.tsx';
import type { Its } from './its.ts';

const ROLES = [
  { id: 'manager', name: 'Manager', sees: 'sees everything, runs the programmes: connects sources, decides reviews, answers alerts' },
  { id: 'auditor', name: 'Auditor', sees: 'reads everything within the period of the audit, and changes nothing' },
  { id: 'member', name: 'Engineer', sees: 'sees the posture, findings and their own tasks' },
  { id: 'admin', name: 'Admin', sees: 'sees and does everything, and lets others in' },
] as const;

/** Others are let in, each with what they will see. */
export function Invite({ next }: Its) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<(typeof ROLES)[number]['id']>('manager');
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const invite = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    try {
      setLink((await send<Answer<'users', 'invite'>>('POST', '/invitations', { email, role })).link);
      setEmail('');
    } catch (error) {
      setProblem(error instanceof Problem ? error : null);
    }
  };
  return (
    <>
      <h1>Who else should see this?</h1>
      <p className="sub">An invitation is a link that you hand over yourself; it opens once, within a week. Nothing is sent by e-mail.</p>
      <form className="panel fields" onSubmit={(event) => void invite(event)}>
        <Text name="E-mail address" type="email" value={email} set={setEmail} hint="By it they sign in, and accounts are matched" says={null} />
        <fieldset className="group">
          <legend>What they may</legend>
          {ROLES.map(({ id, name, sees }) => (
            <label key={id} className="check">
              <input type="radio" name="role" checked={role === id} onChange={() => setRole(id)} />{' '}
              <span>
                <b>{name}</b> {sees}
              </span>
            </label>
          ))}
        </fieldset>
        <div className="row acts">
          <button type="submit" className="btn primary" disabled={email === ''}>
            Make an invitation
          </button>
          <button type="button" className="btn" onClick={next}>
            Go to the posture
          </button>
        </div>
        {problem && (
          <p className="wrong" role="alert">
            {problem.message}{' '}
            {problem.kind === 'not-confirmed' && (
              <a className="link" href="/sign-in/again?to=/start?show=invite">
                Show that it is you
              </a>
            )}
          </p>
        )}
      </form>
      {link !== null && (
        <Panel title="Hand this over" note="it is shown once">
          <p className="pad mono url" role="status">
            {link}
          </p>
        </Panel>
      )}
    </>
  );
}
