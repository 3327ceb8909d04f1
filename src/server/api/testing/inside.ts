import { addUser, type User } from '../../../auth/people.ts';
import type { Means } from '../../../auth/means.ts';
import type { Principal } from '../../../auth/roles.ts';
import { type Method, openSession, signedIn } from '../../../auth/sessions.ts';
import { signInMeans } from '../../sign-in/means.ts';
import { type Company, company } from './company.ts';

export const FROM = { address: '127.0.0.1', agent: 'a test' };
export const ORIGIN = 'http://localhost:7400';
/** Maria has two addresses by HR; nobody knows the stranger. */
const PEOPLE =
  'employee_id,name,employment_type,email,aliases,start_date,end_date\n' +
  'W-1,Maria Lopez,employee,maria.lopez@acme.example,m.lopez@acme.example,2020-01-01,\n' +
  'W-2,Ines Duarte,employee,ines.duarte@acme.example,,2020-01-01,\n' +
  'W-3,Otto Berg,employee,otto.berg@acme.example,,2026-01-12,\n';
const ROLES = { 'maria.lopez': 'member', 'm.lopez': 'manager', 'ines.duarte': 'manager', 'otto.berg': 'manager', stranger: 'manager', eva: 'auditor' } as const;

/** A company whose people sign in, each with a record of it. */
export interface Inside {
  readonly acme: Company;
  readonly means: Means;
  userOf(name: string): User;
  /** Opens a session for real, and asks by it from then on. What a browser says besides is for the tests of the gate. */
  as(name: string, methods?: readonly Method[]): Promise<Principal>;
  post(path: string, body?: object): Promise<{ readonly status: number; readonly said: Readonly<Record<string, unknown>> & { readonly detail?: string } }>;
  get<Out>(path: string): Promise<Out>;
}

/** @param attested kinds that people state, besides those of every company of the tests */
export async function inside(attested: readonly string[] = []): Promise<Inside> {
  const acme = await company({ people: PEOPLE, attested });
  const means = signInMeans(acme.workspace, () => ORIGIN, 4);
  const users = new Map<string, User>();
  for (const [name, role] of Object.entries(ROLES)) users.set(name, await addUser(means, { email: `${name}@acme.example`, name, role, cameBy: 'invitation' }));
  const userOf = (name: string): User => {
    const user = users.get(name);
    if (!user) throw new RangeError(name);
    return user;
  };
  return {
    acme,
    means,
    userOf,
    async as(name, methods = ['password', 'totp']) {
      const who = await signedIn(means, await openSession(means, userOf(name), { methods, from: FROM }));
      if (!who) throw new RangeError(`${name} is not signed in`);
      const its = { ...who.principal, kind: 'token' as const };
      acme.as(its);
      return its;
    },
    async post(path, body = {}) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await acme.app.request(`${ORIGIN}/api${path}`, init);
      return { status: response.status, said: (await response.json()) as Readonly<Record<string, unknown>> };
    },
    get: async <Out>(path: string) => (await (await acme.ask(path)).json()) as Out,
  };
}
