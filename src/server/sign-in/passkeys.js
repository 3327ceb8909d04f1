// Speaks with the browser about passkeys: the one thing in Tickmark's own pages that needs a script. Served as a file, so that
// the pages allow no other.

/** Posts JSON, and gives what is answered. */
async function ask(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.says ?? 'It did not work. Try again.');
  return said;
}

async function show(button) {
  const purpose = button.dataset.passkey;
  const to = button.dataset.to ?? '/';
  if (purpose === 'add') {
    const name = document.querySelector('#passkey-name')?.value ?? '';
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(await ask('/account/passkeys/ask', {}));
    const made = await navigator.credentials.create({ publicKey: options });
    await ask('/account/passkeys', { name, response: made.toJSON() });
    location.assign('/account');
    return;
  }
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await ask('/sign-in/passkey/ask', { purpose }));
  const shown = await navigator.credentials.get({ publicKey: options });
  const { to: next } = await ask('/sign-in/passkey', { purpose, to, response: shown.toJSON() });
  location.assign(next);
}

for (const button of document.querySelectorAll('[data-passkey]')) {
  if (typeof PublicKeyCredential === 'undefined' || !PublicKeyCredential.parseRequestOptionsFromJSON) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const says = document.querySelector('#passkey-says');
    button.disabled = true;
    try {
      await show(button);
    } catch (error) {
      says.hidden = false;
      says.textContent = error.name === 'NotAllowedError' ? 'No passkey was shown. Try again, or sign in otherwise.' : error.message;
    } finally {
      button.disabled = false;
    }
  });
}
