import { type Answer, Problem, send } from '../api/ask.ts';

type Made = Answer<'statements', 'sign'>;

interface Unsaid {
  readonly kind: string;
  readonly act: 'state' | 'approve' | 'withdraw';
  readonly entry: Readonly<Record<string, unknown>>;
}

export const canSign = (): boolean => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** Makes a statement that a passkey signs: its challenge is the digest of what is stated. Throws `Problem`. */
export async function signed(statement: Unsaid): Promise<Made> {
  const { options } = await send<Answer<'statements', 'prepare'>>('POST', '/statements/prepared', statement);
  if (options === null) throw said('You have no passkey that the log knows the key of. Add one on the page of your account, or do it without.');
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as unknown as PublicKeyCredentialRequestOptionsJSON);
  let shown: Credential | null;
  try {
    shown = await navigator.credentials.get({ publicKey });
  } catch {
    throw said('No passkey was shown, and nothing was stated. Try again, or do it without.');
  }
  if (!(shown instanceof PublicKeyCredential)) throw said('No passkey was shown, and nothing was stated.');
  return send<Made>('POST', '/statements/signed', { response: shown.toJSON() });
}

const said = (detail: string): Problem => new Problem({ status: 400, type: 'not-signed', title: 'Not signed', detail, instance: null });
