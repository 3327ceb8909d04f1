/** What this browser and this server can do about passkeys, and the two things that are done with them here. */

export const canHavePasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'parseCreationOptionsFromJSON' in PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);

/** Adds a passkey to one's own account. Throws an `Error` that says why it was not. */
export async function addPasskey(name: string): Promise<void> {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await said('/account/passkeys/ask', {}));
  const made = (await shown(() => navigator.credentials.create({ publicKey: options }))) as PublicKeyCredential;
  await said('/account/passkeys', { name, response: made.toJSON() });
}

/** Shows a passkey, and so that it is still the same person. Throws an `Error` that says why that failed. */
export async function confirmByPasskey(): Promise<void> {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await said('/sign-in/passkey/ask', { purpose: 'again' }));
  const made = (await shown(() => navigator.credentials.get({ publicKey: options }))) as PublicKeyCredential;
  await said('/sign-in/passkey', { purpose: 'again', to: '/', response: made.toJSON() });
}

async function shown(ask: () => Promise<Credential | null>): Promise<Credential> {
  try {
    const credential = await ask();
    if (credential) return credential;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
  }
  throw new Error('No passkey was shown. Try again, or use another way.');
}

async function said<Out>(path: string, body: unknown): Promise<Out> {
  const answer = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told = (await answer.json().catch(() => ({}))) as Out & { readonly says?: string };
  if (!answer.ok) throw new Error(told.says ?? `The server answered ${answer.status}.`);
  return told;
}
