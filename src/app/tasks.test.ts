import { expect, it } from 'vitest';
import { days, instant } from '../core/instant.ts';
import type { Alert } from './alerts.ts';
import type { Case, Occurrence, WaiverLine } from './findings.ts';
import { type OwedFrom, owedBy, type Owes } from './tasks.ts';

const NOW = instant('2026-04-11T09:00:00Z');
const ME = { email: 'ines.duarte@acme.example', acts: true, decides: true, states: true, answers: true, workerIds: ['W-2'] };

const one = (over: Partial<Case>): Case =>
  ({
    ...{ id: 'F-1', title: 'Keys are renewed', state: 'open', owner: 'security', ownerId: null, assigned: false, due: NOW + days(3) },
    ...{ item: { label: 'Key of the backups' }, spells: [{ because: 'is 100 days old' }] },
    ...over,
  }) as Case;
const waiver = (over: Partial<WaiverLine>): WaiverLine =>
  ({
    ...{
      id: 'L-1',
      state: 'not approved',
      item: 'acme/platform',
      reason: 'the tool cannot',
      askedBy: 'maria.lopez@acme.example',
      askedAt: NOW,
      until: NOW + days(60),
    },
    ...{ finding: 'F-1', statement: 7, owner: null },
    ...over,
  }) as WaiverLine;
const duty = (over: Partial<Occurrence>): Occurrence =>
  ({
    kind: 'duty',
    what: 'Review of the risk register',
    controls: ['RM-02'],
    state: 'due',
    late: null,
    due: NOW + days(20),
    from: NOW - days(9),
    ...over,
  }) as Occurrence;
const alert = (over: Partial<Alert>): Alert =>
  ({
    ...{ id: 'A-1', state: 'open', assignee: null, snoozedUntil: null, openedAt: NOW - days(1), acknowledged: null },
    ...{ signal: { title: 'AC-01 fails', route: 'default' } },
    ...over,
  }) as Alert;
const POLICY = {
  policy: {
    rules: [],
    routes: [
      {
        name: 'default',
        steps: [
          { after: 0, to: ['terminal'] },
          { after: days(2), to: ['mail'] },
        ],
      },
    ],
    resume: days(1),
  },
  channels: [{ name: 'mail', people: ['otto.berg@acme.example'] }],
} as never as OwedFrom['policy'];
const CONTROLS = [
  { id: 'RM-02', owner: 'security', occurs: [{ duty: 'Review of the risk register', dataset: 'register.entries', where: { register: 'risks' } }] },
  { id: 'AC-10', owner: 'it', occurs: [{ shownBy: 'looks', duty: 'Capture', dataset: 'cloud.policies' }] },
] as never as OwedFrom['controls'];

type Made = Partial<Omit<OwedFrom, 'cases'> & { readonly cases: readonly Case[] }>;
const from = ({ cases = [], ...over }: Made): OwedFrom => ({
  cases: { [Symbol.iterator]: () => cases.values(), byId: (id) => cases.find((it) => it.id === id) },
  ...{ now: NOW, waivers: [], statements: [], occurrences: [], controls: CONTROLS, alerts: [], policy: POLICY, acceptances: [] },
  ...over,
});
const owed = (over: Made, who: Partial<Owes & { workerIds: readonly string[] }> = {}) => owedBy(from(over), { ...ME, ...who }).tasks;
const lines = (...asked: Parameters<typeof owed>) => owed(...asked).map(({ kind, title, due }) => [kind, title, due]);

it('names findings that are mine, and those that are nobody’s by the role of their control', () => {
  const cases = [
    one({ ownerId: 'W-2', assigned: true }),
    one({ id: 'F-2', due: NOW + days(9) }),
    one({ id: 'F-3' }),
    one({ id: 'F-4', state: 'waived', ownerId: 'W-2' }),
  ];
  expect(lines({ cases })).toEqual([
    ['assign', 'Assign 2 findings of security', NOW + days(3)],
    ['finding', 'Fix Key of the backups', NOW + days(3)],
  ]);
  expect(lines({ cases }, { decides: false })).toEqual([['finding', 'Fix Key of the backups', NOW + days(3)]]);
  expect(lines({ cases }, { decides: false, workerIds: ['W-1'] })).toEqual([]);
  expect(owed({ cases: [one({ id: 'F-2' })] })[0]).toMatchObject({ about: 'F-2', makes: 'an entry of findings' });
});

it('asks for decisions of what others asked for, and never of one’s own', () => {
  const waivers = [waiver({}), waiver({ id: 'L-2', askedBy: ME.email }), waiver({ id: 'L-3', statement: null }), waiver({ id: 'L-4', state: 'in force' })];
  expect(lines({ waivers, cases: [one({ ownerId: 'W-9', assigned: true })] })).toEqual([
    ['waiver', 'Decide on the waiver of Key of the backups', NOW + days(3)],
  ]);
  expect(lines({ waivers }, { decides: false })).toEqual([]);
  const stated = {
    kind: 'vendors',
    entry: 'V-1',
    title: 'Cloud host',
    by: 'maria.lopez@acme.example',
    knownBy: 'session',
    authenticated: true,
    at: NOW,
    approvedBy: [],
    needsApproval: true,
    record: 3,
  } as const;
  const statements = [
    stated,
    { ...stated, by: ME.email },
    { ...stated, approvedBy: ['x'] },
    { ...stated, kind: 'waivers' },
    { ...stated, authenticated: false },
  ];
  expect(owed({ statements })).toMatchObject([{ kind: 'approval', title: 'Approve Cloud host', about: 'vendors/V-1', due: NOW + days(14) }]);
});

it('warns of waivers that end within 30 days, whoever answers for them', () => {
  const ends = { state: 'in force', until: NOW + days(29) } as const;
  expect(lines({ waivers: [waiver({ ...ends, owner: 'W-2' })] }, { decides: false })).toEqual([
    ['expiring', 'Fix acme/platform before its waiver ends', NOW + days(29)],
  ]);
  expect(lines({ waivers: [waiver({ ...ends, askedBy: ME.email })] }, { decides: false })).toHaveLength(1);
  expect(lines({ waivers: [waiver(ends), waiver({ ...ends, owner: 'W-2', until: NOW + days(31) })] }, { decides: false })).toEqual([]);
});

it('knows the form of a duty, and none where only a collection shows it', () => {
  const occurrences = [
    duty({}),
    duty({ state: 'missed', due: NOW - days(2) }),
    duty({ state: 'missed', late: NOW }),
    duty({ state: 'met' }),
    duty({ what: 'Capture', controls: ['AC-10'] }),
  ];
  expect(owed({ occurrences }).map(({ title, form, because }) => [title, form, because])).toEqual([
    ['State: review of the risk register', 'risks', 'RM-02 demands it of security; it was missed, and the control fails until it is done'],
    ['See to it: capture', null, 'AC-10 demands it of it'],
    ['State: review of the risk register', 'risks', 'RM-02 demands it of security'],
  ]);
  expect(owed({ occurrences }, { decides: false })).toEqual([]);
});

it('brings alerts to whom they are assigned or routed, until they are resolved', () => {
  expect(lines({ alerts: [alert({})] })).toEqual([['alert', 'Acknowledge: AC-01 fails', NOW + days(1)]]);
  expect(lines({ alerts: [alert({})] }, { decides: false })).toEqual([]);
  expect(lines({ alerts: [alert({})] }, { decides: false, email: 'otto.berg@acme.example' })).toHaveLength(1);
  expect(lines({ alerts: [alert({ assignee: ME.email })] }, { decides: false })).toHaveLength(1);
  expect(lines({ alerts: [alert({ assignee: 'otto.berg@acme.example' }), alert({ snoozedUntil: NOW + 1 }), alert({ state: 'resolved' })] })).toEqual([]);
  const taken = alert({ state: 'acknowledged', acknowledged: { at: NOW - days(3), by: ME.email } });
  expect(lines({ alerts: [taken] }, { decides: false })).toEqual([['alert', 'Resolve: AC-01 fails', NOW - days(2)]]);
});

it('asks whoever states for the policies that they are to accept', () => {
  const acceptances = [{ policy: 'POL/1', title: 'Acceptable use', version: '2', location: 'policies/use.md', due: NOW - days(1) }];
  expect(owed({ acceptances })).toEqual([
    expect.objectContaining({
      kind: 'acceptance',
      title: 'Accept Acceptable use, version 2',
      about: 'POL%2F1/2',
      because: 'everybody who works here accepts it; its text: policies/use.md',
    }),
  ]);
  expect(owed({ acceptances }, { states: false })).toEqual([]);
});
