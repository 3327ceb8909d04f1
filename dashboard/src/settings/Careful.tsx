import { Dialog } from '@base-ui/react/dialog';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Problem } from '../api/ask.ts';
import { useMe } from '../api/me.ts';
import { canHavePasskeys, confirmByPasskey } from './passkeys.ts';

interface Said {
  readonly problem: boolean;
  readonly says: string;
}

/**
 * Does what is dangerous: where the server wants to be shown once more who asks, that is asked for in place, and then it
 * is done. `confirming` belongs somewhere on the page.
 */
export function useCareful() {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said | null>(null);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<((confirmed: boolean) => void) | null>(null);

  const confirmed = () =>
    new Promise<boolean>((resolve) =>
      setAnswer(() => (its: boolean) => {
        setAnswer(null);
        resolve(its);
      }),
    );
  const act = async <Out,>(doing: () => Promise<Out>, done: (out: Out) => string | null): Promise<Out | null> => {
    setBusy(true);
    setSaid(null);
    try {
      const out = await doing().catch(async (error: unknown) => {
        if (!(error instanceof Problem && error.kind === 'not-confirmed')) throw error;
        if (!(await confirmed())) throw new Error('Nothing was changed: it was not shown that it is you.');
        return doing();
      });
      const says = done(out);
      setSaid(says === null ? null : { problem: false, says });
      await client.invalidateQueries();
      return out;
    } catch (error) {
      setSaid({ problem: true, says: error instanceof Error ? error.message : String(error) });
      return null;
    } finally {
      setBusy(false);
    }
  };
  const confirming: ReactNode = answer && <Confirm answer={answer} />;
  return { act, busy, said, confirming };
}

/** Shows once more that it is you, where sign-in itself checks it: nothing else in the dashboard sees a password or a code. */
function Confirm({ answer }: { readonly answer: (confirmed: boolean) => void }) {
  const me = useMe();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const kinds = new Set(me.data?.factors.map(({ kind }) => kind));
  const byCode = kinds.has('totp') || kinds.has('recovery');
  // Who has a second factor shows that one: the password counts where there is none.
  const byPassword = me.data?.hasPassword === true && !byCode && !kinds.has('passkey');

  const trying = async (way: () => Promise<void>) => {
    setBusy(true);
    try {
      await way();
      answer(true);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const go = (event: FormEvent) => {
    event.preventDefault();
    void trying(() => shownAgain(byCode ? { code: text } : { password: text }));
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && answer(false)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog confirm">
          <Dialog.Title>Show that it is you</Dialog.Title>
          <Dialog.Description className="sub">
            This changes who may do what, or what is kept. You have not shown for ten minutes that it is you.
          </Dialog.Description>
          {(byCode || byPassword) && (
            <form className="stack" onSubmit={go}>
              <label htmlFor="confirm-by">{byCode ? 'Code of your authenticator, or a recovery code' : 'Your password'}</label>
              <input
                id="confirm-by"
                className="field"
                type={byCode ? 'text' : 'password'}
                autoComplete={byCode ? 'one-time-code' : 'current-password'}
                value={text}
                required
                maxLength={256}
                aria-describedby={wrong === null ? undefined : 'confirm-wrong'}
                onChange={({ target }) => setText(target.value)}
              />
              <div className="row">
                <button type="submit" className="btn primary" disabled={busy || text === ''}>
                  Confirm and go on
                </button>
                <Dialog.Close className="btn">Change nothing</Dialog.Close>
              </div>
            </form>
          )}
          {wrong !== null && (
            <p id="confirm-wrong" className="wrong" role="alert">
              {wrong}
            </p>
          )}
          {kinds.has('passkey') && canHavePasskeys() && (
            <button type="button" className="btn" disabled={busy} onClick={() => void trying(confirmByPasskey)}>
              Use a passkey
            </button>
          )}
          {me.data && !byCode && !byPassword && (
            <p className="sub">
              {kinds.has('passkey') ? 'A password is not enough where there is a passkey.' : 'You have neither a password nor an authenticator here.'}{' '}
              <a className="link" href={`/sign-in/again?to=${encodeURIComponent(location.pathname)}`}>
                Confirm by your way of signing in
              </a>
              , and come back.
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The form of sign-in, sent by script. It answers with a way on where it is content; a small file is asked for in its place. */
async function shownAgain(by: { readonly code: string } | { readonly password: string }): Promise<void> {
  const { status } = await fetch('/sign-in/again', { method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ ...by, to: '/icon.svg' }) });
  if (status === 429) throw new Error('Too many attempts. Nothing is tried for a while; your session goes on.');
  if (status !== 200) throw new Error('That is not it. A code counts once, and for half a minute.');
}
