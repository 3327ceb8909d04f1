import { describe, expect, it } from 'vitest';
import { registerEntry, user, worker } from '../../test/rows.ts';
import { type Check, conforms, defineCheck } from '../checks/check.ts';
import { days, instant } from '../core/instant.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { workers } from '../datasets/hr/workers.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { users } from '../datasets/identity/users.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { declarations } from '../datasets/people/declarations.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';
import { approvalOf, namesOf, peopleAt, peopleOf } from './approval.ts';
import { Engine } from './engine.ts';
import { runsFrom } from './testing/runs.ts';

const START = instant('2026-02-01T00:00:00Z');
const day = (count: number) => START + days(count);
const ALL = [workers, aliases, declarations, users, accounts, mfaFactors] as unknown as readonly Dataset[];

const ann = worker({ workerId: 'W-1', fullName: 'Ann Lee', emails: ['ann@acme.example'] });
const bob = worker({ workerId: 'W-2', fullName: 'Bob Roy', emails: ['bob@acme.example', 'bobby@acme.example'] });
const cyd = worker({ workerId: 'W-3', fullName: 'Cyd Orr', emails: ['cyd@acme.example'] });
const renamed = { ...cyd, fullName: 'Cyd Ode' };

function known() {
  const made = runsFrom(0);
  const look = (dataset: { readonly id: string }, at: number, rows: readonly unknown[]) => made(dataset, dataset.id, at, rows);
  return Engine.from(
    [],
    [
      look(aliases, day(0), [{ workerId: 'W-1', emails: ['ann@home.example'] }]),
      look(workers, day(1), [ann, bob, cyd]),
      // Ann has left, and her address is Cyd's from then on.
      look(workers, day(5), [bob, { ...renamed, emails: ['cyd@acme.example', 'ann@acme.example'] }]),
      look(declarations, day(0), [
        { systemId: 'okta', account: 'robot', meaning: 'service', workerId: 'W-2', purpose: 'builds' },
        { systemId: 'okta', account: 'lost', meaning: 'service', workerId: null, purpose: 'nobody knows' },
      ]),
      look(users, day(1), [
        user({ userId: 'u1', login: 'annlee', handles: ['annlee', 'u1'], emails: ['ann@acme.example'] }),
        user({ userId: 'u2', login: 'robot', handles: ['robot', 'u2'], emails: [] }),
        user({ userId: 'u3', login: 'lost', handles: ['lost', 'u3'], emails: [] }),
      ]),
    ],
    ALL,
  ).facts;
}
const facts = known();

describe('whom an address belongs to', () => {
  it('is who had it then, by HR or as the company declares, each once and in order', () => {
    expect(peopleAt(facts, ['ann@acme.example'], day(2))).toEqual(['W-1']);
    expect(peopleAt(facts, ['ann@acme.example'], day(6))).toEqual(['W-3']);
    expect(peopleAt(facts, ['ann@home.example'], day(6))).toEqual(['W-1']);
    expect(peopleAt(facts, ['cyd@acme.example', 'bob@acme.example', 'ann@home.example', 'bobby@acme.example'], day(2))).toEqual(['W-1', 'W-2', 'W-3']);
    expect([peopleAt(facts, ['zoe@acme.example'], day(2)), peopleAt(facts, [], day(2))]).toEqual([[], []]);
  });

  it('is who had it later, where HR was not read by then', () => {
    expect(peopleAt(facts, ['bob@acme.example'], day(-3))).toEqual(['W-2']);
    expect(peopleAt(facts, ['ann@acme.example'], day(-3))).toEqual(['W-1', 'W-3']);
  });
});

describe('whether an entry is approved', () => {
  const entry = (more: Partial<RegisterEntry>) =>
    registerEntry({
      author: 'Ann',
      authorEmail: 'ann@acme.example',
      approval: 'merge',
      approverEmails: ['bob@acme.example'],
      commit: '0123456789abcdef',
      ...more,
    });
  const of = (more: Partial<RegisterEntry>, barred: readonly string[] = [], at = day(2)) => approvalOf(facts, entry(more), at, new Set(barred));
  const why = (...all: Parameters<typeof of>) => {
    const { by, why: reason } = of(...all);
    expect(by).toEqual([]);
    return reason;
  };

  it('is by whoever may, none of whom wrote it or gains by it', () => {
    expect(of({})).toEqual({ by: ['W-2'], why: null });
    expect(of({ approverEmails: ['cyd@acme.example', 'bob@acme.example', 'ann@home.example'] })).toEqual({ by: ['W-2', 'W-3'], why: null });
    expect(of({ approverEmails: ['cyd@acme.example', 'bob@acme.example'] }, ['W-2'])).toEqual({ by: ['W-3'], why: null });
    expect(of({ commit: null, statement: 7, keyId: 'k' })).toEqual({ by: ['W-2'], why: null });
  });

  it('is not, and says why', () => {
    expect(why({ commit: null })).toBe('nothing tells which commit last changed it');
    expect(why({ commit: null, statement: 7, keyId: null })).toBe(
      'the statement of Ann in record 7 is not authenticated: neither a key that was bound to that address nor a sign-in shows who made it',
    );
    expect(why({ commit: null, statement: 7, keyId: 'k', author: null, approval: 'none' })).toBe(
      'the statement of nobody in record 7 was approved by nobody else',
    );
    expect(why({ approval: 'unknown' })).toBe('commit 0123456789ab by Ann does not say who approved it');
    expect(why({ approval: 'none', author: null })).toBe('commit 0123456789ab by nobody was approved by nobody else');
    expect(why({ authorEmail: null })).toBe('no worker has the address under which commit 0123456789ab by Ann was made');
    expect(why({ authorEmail: 'zoe@acme.example' })).toBe('no worker has the address under which commit 0123456789ab by Ann was made');
    expect(why({ approverEmails: ['zoe@acme.example', 'yan@acme.example'] })).toBe(
      'no worker has the address under which commit 0123456789ab by Ann was approved: zoe@acme.example, yan@acme.example',
    );
    expect(why({ approverEmails: ['ann@home.example'] })).toBe('commit 0123456789ab by Ann was approved by its author under another address');
    expect(why({ approverEmails: ['bob@acme.example', 'cyd@acme.example'] }, ['W-2', 'W-3'])).toBe(
      'commit 0123456789ab by Ann was approved by Bob Roy, Cyd Ode, whom the item belongs to',
    );
    // By then the address of its author is somebody else's, who also approved it.
    expect(why({ approverEmails: ['cyd@acme.example'] }, [], day(6))).toBe('commit 0123456789ab by Ann was approved by its author under another address');
  });
});

it('people whom an item belongs to are those its row names, by id, address or login, and who owns the account of that login', () => {
  const of = (dataset: unknown, item: string) => {
    const named = { id: 'x', title: 'X', version: 1, asserts: 'X.', examine: () => conforms() };
    const check = defineCheck({ ...named, population: dataset as typeof users }) as unknown as Check;
    const [its, ...others] = [...facts.items(check.population)].filter((known) => known.includes(`/${item}`));
    expect([its === undefined, others], [...facts.items(check.population)].join(' ')).toEqual([false, []]);
    return [...peopleOf(facts, check, its ?? '')].sort();
  };
  // Her row bears an address that was two people's, one after the other.
  expect(of(workers, 'W-1')).toEqual(['W-1', 'W-3']);
  expect(of(workers, 'W-2')).toEqual(['W-2']);
  expect(of(aliases, 'W-1')).toEqual(['W-1']);
  expect(of(users, 'u2')).toEqual(['W-2']);
  expect(of(users, 'u3')).toEqual([]);
});

it('workers are named as HR named them last, and one that it does not know by their id', () =>
  expect([namesOf(facts, ['W-3', 'W-9', 'W-1']), namesOf(facts, [])]).toEqual(['Cyd Ode, W-9, Ann Lee', '']));
