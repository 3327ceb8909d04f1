import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addFactor, resetFactors } from '../../auth/factors.ts';
import { invite, resetLink } from '../../auth/links.ts';
import type { Method } from '../../auth/sessions.ts';
import { inside, type Inside } from './testing/inside.ts';

const MARIA = 'maria.lopez@acme.example';
const ENTRY = { title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' };

let its: Inside;
beforeAll(async () => {
  its = await inside();
});
afterAll(() => its.acme.close());

let count = 0;
/** Maria states something, and another approves it. Gives why it is refused, or how it was taken. */
async function approved(by: string, methods?: readonly Method[]): Promise<string | number> {
  const id = `AR-${++count}`;
  await its.as('maria.lopez');
  await its.post('/statements', { kind: 'access-requests', entry: { ...ENTRY, id } });
  await its.as(by, methods);
  const { status, said } = await its.post(`/statements/access-requests/${id}/approve`);
  return said.detail ?? status;
}
const SAME = /^maria\.lopez@acme\.example, who stated access-requests\/AR-\d+, also made the link by which \S+ was let in/;
const factor = (user: string) => addFactor(its.means, its.userOf(user), { kind: 'totp', name: 'Phone', secret: null, credential: null, data: null, step: 0 });

describe('whose link let them in', () => {
  it('does not approve what the maker of the link stated, unless a provider says who it is, or another lets them in anew', async () => {
    const ines = its.userOf('ines.duarte');
    expect(await approved('ines.duarte')).toBe(201);
    await resetLink(its.means, MARIA, ines);
    expect(await approved('ines.duarte')).toMatch(SAME);
    await factor('ines.duarte'); // added behind that link: it may be hers, or Maria's
    expect(await approved('ines.duarte')).toMatch(SAME);
    expect(await approved('ines.duarte', ['oidc', 'totp'])).toBe(201);
    await resetLink(its.means, 'command line', ines); // the factor behind the other link is still there
    expect(await approved('ines.duarte')).toMatch(SAME);
    await resetFactors(its.means, 'command line', ines);
    await resetLink(its.means, 'command line', ines);
    expect(await approved('ines.duarte')).toBe(201);
    await factor('ines.duarte');
    await resetLink(its.means, MARIA, ines); // opens nothing without the factor that she has
    expect(await approved('ines.duarte')).toBe(201);
  });

  it('by an invitation, and by whichever address the maker has', async () => {
    // Whom they invited is there by now: the invitation is sealed as it would have been.
    await its.means.db().updateTable('auth.user').set({ email: 'later@acme.example' }).where('id', '=', its.userOf('otto.berg').id).execute();
    await invite(its.means, 'm.lopez@acme.example', { email: 'otto.berg@acme.example', name: null, role: 'manager', bounds: null });
    await its.means.db().updateTable('auth.user').set({ email: 'otto.berg@acme.example' }).where('id', '=', its.userOf('otto.berg').id).execute();
    expect(await approved('otto.berg')).toMatch(/^m\.lopez@acme\.example, who stated access-requests\/AR-\d+, also made the link/);
  });
});
