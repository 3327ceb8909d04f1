import { sign } from 'node:crypto';
import type { Exchange, Request } from '../collectors/source.ts';
import { IncompleteError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Asker } from './asker.ts';

type Credentials = Readonly<Record<string, string>>;
interface Held {
  readonly credentials: Credentials;
  readonly until: Instant;
}

/** As long as most sources let a statement count at most. */
const VALID_SECONDS = 3600;
/** A credential that is about to end is traded again. */
const MARGIN: Duration = 60_000;

/** Gives the credentials that count now: traded when they are first needed, and again before what they became ends. */
export function traded(asker: Asker, clock: () => Instant, exchange: Exchange, credentials: Credentials): () => Promise<Credentials> {
  let held: Promise<Held> | null = null;
  return async () => {
    if (held === null || (await held).until <= clock()) held = trade(asker, clock, exchange, credentials);
    return (await held).credentials;
  };
}

async function trade(asker: Asker, clock: () => Instant, exchange: Exchange, credentials: Credentials): Promise<Held> {
  const { url, form, signed, becomes } = exchange;
  const at = clock();
  if (signed) asker.conceal([signed.key]);
  const sent = new URLSearchParams({ ...form, ...(signed ? { assertion: statement(signed, at) } : {}) });
  const shown: Request = { method: 'POST', url, body: withoutSecrets(form, signed !== null, Object.values(credentials)) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const answer = await asker.exchange('access token', { method: 'POST', url, headers, body: new TextEncoder().encode(sent.toString()) }, shown);
  const { access_token: token, expires_in: seconds } = read(answer.body);
  if (typeof token !== 'string' || token === '') throw asker.incomplete('access token', shown, 'gave no access token');
  asker.conceal([token]);
  return { credentials: { ...credentials, [becomes]: token }, until: typeof seconds === 'number' ? at + seconds * 1000 - MARGIN : Infinity };
}

function statement({ key, keyId, claims }: NonNullable<Exchange['signed']>, at: Instant): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(at / 1000);
  const text = `${part({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })}.${part({ ...claims, iat: now, exp: now + VALID_SECONDS })}`;
  try {
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  } catch {
    throw new IncompleteError('the private key among the credentials cannot sign: it must be an RSA key in PEM'); // the cause might quote the key
  }
}

/** The form as it may be kept. */
function withoutSecrets(form: Exchange['form'], signed: boolean, secrets: readonly string[]): string {
  const fields = Object.entries(form).map(([name, value]) => [name, secrets.includes(value) ? '[secret]' : value]);
  return JSON.stringify(Object.fromEntries([...fields, ...(signed ? [['assertion', '[secret]']] : [])]));
}

function read(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof answer === 'object' && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {}; // the caller finds no token in it
  }
}
