import type { Answer } from '../api/ask.ts';
import { Panel, Records } from '../parts/Panel.tsx';
import { spoken } from '../time.ts';

type Line = Answer<'findings', 'read'>['finding']['history'][number];

const DID: Readonly<Record<Line['did'], string>> = {
  assign: 'assigned it',
  note: 'noted',
  remediate: 'works on it',
  done: 'says that it is fixed',
  close: 'asks to close it',
  ask: 'asked for a waiver',
  change: 'changed the waiver that was asked for',
  approve: 'approved',
  refuse: 'refused the waiver',
  revoke: 'revoked the waiver',
  withdraw: 'took back what they stated',
};

const SHOWN: Readonly<Record<Line['knownBy'], string | null>> = {
  key: 'signed with their key',
  session: 'signed in',
  token: 'by their token',
  commit: 'by commit',
  none: null,
};

/** Everything that people did about a finding, each with the record that holds it. */
export function FindingHistory({ of }: { readonly of: readonly Line[] }) {
  return (
    <Panel title="What people did" note="each a record of the log, or an entry of a register">
      {of.length === 0 && <p className="pad">Nobody has taken it in hand yet.</p>}
      <ol className="next history">
        {of.map((line) => (
          <li key={`${line.at} ${line.entry} ${line.did}`}>
            <b>{spoken(line.at)}</b>
            <span>
              <bdi>{line.by ?? 'Somebody'}</bdi> {DID[line.did]}
              {line.to !== null && line.did === 'assign' && (
                <>
                  {' '}
                  to <bdi>{line.to}</bdi>
                </>
              )}
              {line.until !== null && ` until ${line.until}`}
              {line.says !== '' && (
                <>
                  : <bdi>{line.says}</bdi>
                </>
              )}{' '}
              <small className={line.knownBy === 'none' ? 'c-unknown' : 'faint'}>
                {line.passkey ? 'signed with their passkey' : (SHOWN[line.knownBy] ?? 'not authenticated: it approves nothing')}
              </small>{' '}
              {line.record !== null && <Records of={[line.record]} />}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
