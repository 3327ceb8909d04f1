import { tally } from './attempts.ts';
import type { From, Means, Provider } from './means.ts';
import { recorded } from './means.ts';
import { addressOf, addUser, type User, userByEmail, userById } from './people.ts';
import { goOn, type Outcome } from './sign-in.ts';

/** What an identity provider says of somebody. */
export interface Said {
  /** Their id there, which stays when their address changes. */
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** They showed more than a password there, by its word or the company's. */
  readonly strong: boolean;
}

export type Welcome =
  | Extract<Outcome, { readonly kind: 'in' | 'second' }>
  /** Why nobody is let in by it; said to whoever came. */
  | { readonly kind: 'stranger'; readonly because: string };

/**
 * Lets in whom a provider knows: by their id there, or the first time by their address, where the provider has verified
 * it. Whoever Tickmark does not know is let in only where the company said so. Whoever has a second factor here is asked
 * for it, unless the provider says that it has seen one: a password of the provider's opens no more than one of ours.
 */
export async function welcome(
  means: Means,
  provider: Provider,
  { said, way, from }: { readonly said: Said; readonly way: 'oidc' | 'saml'; readonly from: From },
): Promise<Welcome> {
  const found = await whoIs(means, provider, said);
  if ('because' in found) {
    await tally(means, said.email?.toLowerCase().slice(0, 254) ?? 'no account', from.address);
    return { kind: 'stranger', because: found.because };
  }
  return goOn(means, found, { methods: said.strong ? [way, `${way}-mfa`] : [way], from, provider: provider.id });
}

/** Whether it is this user that the provider speaks of. */
export async function speaksOf(means: Means, provider: Provider, said: Said, user: User): Promise<boolean> {
  const found = await whoIs(means, { ...provider, newcomers: null }, said);
  return !('because' in found) && found.id === user.id;
}

async function whoIs(means: Means, provider: Provider, said: Said): Promise<User | { readonly because: string }> {
  const none = (because: string) => ({ because });
  const identity = await means
    .db()
    .selectFrom('auth.identity')
    .selectAll()
    .where('provider', '=', provider.id)
    .where('subject', '=', said.subject)
    .executeTakeFirst();
  if (identity) {
    const user = await userById(means, identity.user_id);
    return user?.active ? user : none('Their account in Tickmark is deactivated.');
  }
  if (said.email === null) return none(`${provider.title} did not say an address.`);
  if (!said.emailVerified) return none(`${provider.title} has not verified the address ${said.email}.`);
  const email = addressOf(said.email);
  const domain = email.split('@')[1] ?? '';
  if (provider.domains.length > 0 && !provider.domains.includes(domain)) return none(`Addresses of ${domain} are not taken from ${provider.title}.`);
  const there = await userByEmail(means, email);
  if (there && !there.active) return none('Their account in Tickmark is deactivated.');
  if (there) return linked(means, provider, said, there);
  if (provider.newcomers === null) return none(`${email} has no account in Tickmark.`);
  const act = { act: 'user-add', by: `provider ${provider.id}`, target: null, says: { email, role: provider.newcomers, cameBy: 'sso' } };
  const { newcomers } = provider;
  return linked(means, provider, said, await recorded(means, act, () => addUser(means, { email, name: said.name ?? email, role: newcomers, cameBy: 'sso' })));
}

/** From then on they are known by their id there. */
function linked(means: Means, provider: Provider, { subject }: Said, user: User): Promise<User> {
  return recorded(means, { act: 'identity-link', by: user.email, target: `users/${user.id}`, says: { provider: provider.id, subject } }, async () => {
    const row = { provider: provider.id, subject, user_id: user.id, created_at: means.clock() };
    await means
      .db()
      .insertInto('auth.identity')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return user;
  });
}
