import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours } from '../../core/instant.ts';
import { inside, type Inside } from './testing/inside.ts';

let its: Inside;
beforeAll(async () => {
  its = await inside();
  await as('otto.berg');
  // They name no owner, and so they deviate.
  for (const count of [1, 2, 3]) await post('/statements', { kind: 'risks', entry: { id: `R-${count}`, title: `Risk ${count} of Otto` } });
});
afterAll(() => its.acme.close());

const as: Inside['as'] = (name, methods) => its.as(name, methods);
const post: Inside['post'] = (path, body) => its.post(path, body);
const get: Inside['get'] = (path) => its.get(path);

interface Finding {
  readonly id: string;
  readonly state: string;
  readonly ownerId: string | null;
  readonly awaitsProof: boolean;
  readonly item: { readonly label: string };
  readonly waiver: { readonly by: string; readonly because: string } | null;
  readonly history: readonly {
    readonly by: string;
    readonly did: string;
    readonly knownBy: string;
    readonly says: string;
    readonly passkey: boolean;
    readonly record: number;
  }[];
}
const listed = async () => (await get<{ readonly findings: readonly Finding[] }>('/findings')).findings;
const finding = async (id: string) => (await get<{ readonly finding: Finding }>(`/findings/${id}`)).finding;
/** A finding about somebody's entries that nobody has accepted. */
const about = async (name: string, state?: string) => {
  const found = (await listed()).find((it) => it.item.label.includes(name) && it.waiver === null && (state === undefined || it.state === state));
  if (!found) throw new RangeError(`nothing is open about ${name}: ${(await listed()).map(({ item }) => item.label).join(', ')}`);
  return found;
};
const act = (id: string, deed: object) => post(`/findings/${id}/acts`, { act: deed });
const UNTIL = '2026-06-30';
const asked = async (id: string, text = 'a contractor leaves in spring'): Promise<string> => {
  const { status, said } = await act(id, { do: 'waive', text, until: UNTIL });
  expect(status).toBe(201);
  return String((said.done as readonly { readonly entry: string }[])[0]?.entry);
};
const tasks = async () => (await get<{ readonly tasks: readonly { readonly kind: string; readonly title: string; readonly about: string }[] }>('/tasks')).tasks;

describe('acts on findings', () => {
  it('are statements of who is signed in, in the history of the finding, each with its record', async () => {
    await as('maria.lopez');
    const { id, item } = await about('Otto', 'open');
    its.acme.pass(hours(1));
    const done = await act(id, { do: 'assign', owner: 'W-1' });
    expect(done).toMatchObject({ status: 201, said: { refused: [], done: [{ finding: id }] } });
    its.acme.pass(hours(1));
    await act(id, { do: 'remediate', text: 'booked for Monday' });
    expect(await finding(id)).toMatchObject({ state: 'in remediation', ownerId: 'W-1', awaitsProof: false });
    expect((await tasks()).filter(({ kind }) => kind === 'finding')).toMatchObject([{ title: `Fix ${item.label}`, about: id }]);
    its.acme.pass(hours(1));
    await act(id, { do: 'done', text: 'he took it' });
    await act(id, { do: 'note', text: 'the export comes weekly' });
    const now = await finding(id);
    expect([now.state, now.awaitsProof]).toEqual(['in remediation', true]);
    expect(now.history.map(({ by, did, knownBy, says }) => [by, did, knownBy, says])).toEqual([
      ['maria.lopez@acme.example', 'assign', 'session', ''],
      ['maria.lopez@acme.example', 'remediate', 'session', 'booked for Monday'],
      ['maria.lopez@acme.example', 'done', 'session', 'he took it'],
      ['maria.lopez@acme.example', 'note', 'session', 'the export comes weekly'],
    ]);
    const { record } = await its.acme.workspace.record(now.history[0]?.record ?? -1);
    expect(record.body).toMatchObject({ kind: 'attestation', register: 'findings', authenticated: true, by: 'maria.lopez@acme.example', keyId: null });
    expect(record.body).toMatchObject({
      vouched: { by: 'session', user: its.userOf('maria.lopez').id, methods: ['password', 'totp'], strong: true, passkey: null },
    });
    expect((await act(id, { do: 'close', text: 'it is over' })).said.detail).toMatch(/is about a state, and no word closes it: evidence does/);
    expect((await act(id, { do: 'assign', owner: 'W-9' })).said.detail).toBe('HR knows nobody by the id W-9 who is employed now.');
    expect((await act('F-none', { do: 'note', text: 'x' })).status).toBe(404);
  });

  it('are done to all that a question finds, and what cannot be done is named', async () => {
    await as('ines.duarte');
    const open = (await listed()).filter(({ state }) => state === 'open');
    const all = await post('/findings/acts', { of: { state: 'open' }, act: { do: 'assign', owner: 'W-2' } });
    expect([all.status, (all.said.done as readonly object[]).length, all.said.refused]).toEqual([201, open.length, []]);
    expect((await listed()).filter(({ state }) => state === 'open').every(({ ownerId }) => ownerId === 'W-2')).toBe(true);
    const some = await post('/findings/acts', { of: { ids: ['F-none'] }, act: { do: 'note', text: 'x' } });
    expect(some.said).toEqual({ done: [], refused: [{ finding: 'F-none', says: 'there is no such finding now' }] });
  });
});

describe('a waiver', () => {
  it('is asked for by one, approved by another, shows as waived at once, and is revoked', async () => {
    await as('maria.lopez');
    const { id, item } = await about('Otto');
    const entry = await asked(id);
    expect((await finding(id)).waiver).toBe(null);
    expect(await post(`/waivers/${entry}/approve`)).toMatchObject({ status: 403, said: { type: '/api/problems/not-permitted' } });
    await as('ines.duarte');
    expect((await tasks()).filter(({ kind }) => kind === 'waiver')).toMatchObject([{ title: `Decide on the waiver of ${item.label}`, about: id }]);
    its.acme.pass(hours(1));
    expect(await post(`/waivers/${entry}/approve`)).toMatchObject({ status: 201, said: { by: 'ines.duarte@acme.example' } });
    expect(await finding(id)).toMatchObject({ state: 'waived', waiver: { by: 'Ines Duarte', because: 'a contractor leaves in spring' } });
    const again = await act(id, { do: 'waive', text: 'x', until: UNTIL });
    expect(again.said.detail).toBe(`${id} is waived already, by ${entry}. Ask for another once that ends, or have it revoked first.`);
    its.acme.pass(hours(1));
    expect((await post(`/waivers/${entry}/refuse`, { reason: 'he stays' })).status).toBe(201);
    const now = await finding(id);
    expect([now.state === 'waived', now.waiver]).toEqual([false, null]);
    expect(now.history.slice(-3).map(({ by, did, says }) => [by, did, says])).toEqual([
      ['maria.lopez@acme.example', 'ask', 'a contractor leaves in spring'],
      ['ines.duarte@acme.example', 'approve', ''],
      ['ines.duarte@acme.example', 'revoke', 'he stays'],
    ]);
    expect((await post(`/waivers/${entry}/approve`)).status).toBe(404);
  });

  it.each([
    ['who asked for it', 'ines.duarte', 'ines.duarte', /^ines\.duarte@acme\.example stated waivers\/L-\w+: somebody else has to approve it\.$/],
    [
      'who asked for it, under another address of theirs',
      'maria.lopez',
      'm.lopez',
      /^m\.lopez@acme\.example is an address of Maria Lopez, who stated waivers\/L-\w+ as maria/,
    ],
    ['whom it belongs to', 'maria.lopez', 'otto.berg', /would not count: the statement of .* was approved by Otto Berg, whom the item belongs to\.$/],
    [
      'somebody whom HR does not know',
      'maria.lopez',
      'stranger',
      /would not count: no worker has the address under which .* was approved: stranger@acme\.example\.$/,
    ],
  ])('is not approved by %s', async (_, asks, approves, says) => {
    await as(asks);
    const { id } = await about('Otto');
    const entry = await asked(id);
    await as(approves);
    const refused = await post(`/waivers/${entry}/approve`);
    expect([refused.status, refused.said.detail]).toEqual([400, expect.stringMatching(says)]);
    expect((await finding(id)).waiver).toBe(null);
  });

  it('has an end, a year ahead at most', async () => {
    await as('maria.lopez');
    const [first] = await listed();
    const detail = async (until: string) => (await act(first?.id ?? '', { do: 'waive', text: 'x', until })).said.detail;
    expect(await detail('2020-01-01')).toMatch(/^a waiver ends on a day to come/);
    expect(await detail('2030-01-01')).toMatch(/^a waiver lasts a year at most/);
    expect(await detail('soon')).toMatch(/until/);
  });
});
