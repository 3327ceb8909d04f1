import { useState } from 'react';
import { ActSaid, useAct } from '../parts/Act.tsx';
import { newId, PasskeyTick, stated } from './StatementForm.tsx';

const KIND = 'policy-acceptances';

/** Accepts a version of a policy in the name of who is signed in. */
export function Accept({ policy, version, held }: { readonly policy: string; readonly version: string; readonly held: string | null }) {
  const { act, busy, said } = useAct();
  const [passkey, setPasskey] = useState(false);
  const accept = () =>
    void act(stated(KIND, { id: newId(KIND), policy, version }, passkey), ({ record, authenticated, because }) =>
      authenticated ? `Accepted. It is record ${record}.` : `Stated in record ${record}, and it does not count: ${because ?? 'nothing shows who you are'}.`,
    );
  return (
    <div className="row">
      <button type="button" className="btn primary" disabled={busy || held !== null} onClick={accept}>
        I have read version {version} and accept it
      </button>
      <PasskeyTick ticked={passkey} onTick={setPasskey} />
      <ActSaid said={said} />
    </div>
  );
}
