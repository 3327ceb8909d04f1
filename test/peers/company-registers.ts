import { type Instant, iso } from '../../src/core/instant.ts';
import type { Registers } from './company.ts';
import { type Ago, type History, OVERRIDDEN } from './company-changes.ts';

const [INES, BRUNO, CHLOE] = ['ines.duarte', 'bruno.novak', 'chloe.martin'].map((name) => `${name}@acme.example`) as [string, string, string];

export const KINDS = [
  ...['review-campaigns', 'review-decisions', 'governance-reports', 'training-courses', 'training-completions', 'access-requests', 'hr-job-changes'],
  ...['exceptions', 'change-rollback-tests'],
];

/** What the people of the company wrote into their registers, each entry merged by another unless it says otherwise. */
export function layRegisters(registers: Registers, history: History, ago: Ago): void {
  const on = (count: number): { readonly by: string; readonly merger: string; readonly at: Instant } => ({ by: INES, merger: BRUNO, at: ago(count) });
  for (const kind of ['access-requests', 'hr-job-changes']) registers.enter(kind, [], on(59));
  reviewAccess(registers, ago);
  learn(registers, ago);
  change(registers, history, ago);
}

/** Three reviews of access, and reports of them. */
function reviewAccess(registers: Registers, ago: Ago): void {
  const { day, at } = clockOf(ago);
  const campaign = (id: string, systems: readonly string[], end: number, more: object) => ({
    ...{ id, title: `Review ${id}`, systems, from: day(end + 90), to: day(end), launched: at(end - 3), due: day(end - 20), status: 'completed' },
    ...{ completed: at(end - 10), signedOffBy: 'W-1', populationDigest: 'ab'.repeat(32), ...more },
  });
  const decision = (id: string, campaign_: string, user: string, decided: string, more: object = {}) => ({
    ...{ id, campaign: campaign_, system: 'okta', user, right: 'engineers', worker: 'W-2', reviewer: 'W-1', decision: 'keep', decided },
    ...more,
  });
  const decide = (by: string, merger: string, count: number, decisions: readonly object[]) =>
    registers.enter('review-decisions', decisions, { by, merger, at: ago(count) });

  // RC-1 is as it should be, but that Bruno decided on himself; one right that it took away is still held, another was never taken away.
  decide(INES, BRUNO, 45, [
    decision('D-1', 'RC-1', '00u2', at(46)),
    decision('D-2', 'RC-1', '00u3', at(46, 13), { worker: 'W-3', right: 'admins', decision: 'revoke', executed: at(44) }),
    decision('D-3', 'RC-1', '00u4', at(46, 14), { worker: 'W-4', decision: 'revoke', executed: at(44) }),
    decision('D-4', 'RC-1', '00u4', at(46, 15), { worker: 'W-4', right: 'writers', decision: 'revoke' }),
  ]);
  decide(BRUNO, INES, 45, [decision('D-5', 'RC-1', '00u2', at(46, 16), { reviewer: 'W-2', right: 'everybody' })]);
  registers.enter('review-campaigns', [campaign('RC-1', ['okta'], 50, { items: 5, completed: at(41) })], { by: INES, merger: BRUNO, at: ago(40) });
  // RC-2 of the CRM is of a time long past, was finished late, and left a right out.
  decide(CHLOE, INES, 48, [decision('D-6', 'RC-2', 'c-1', at(49), { system: 'crm', reviewer: 'W-3' })]);
  registers.enter('review-campaigns', [campaign('RC-2', ['crm'], 140, { items: 2, launched: at(50), due: day(40), completed: at(30) })], {
    ...{ by: INES, merger: BRUNO, at: ago(30) },
  });
  // RC-3 was waved through, at two seconds each, and signed off by nobody but who wrote it down.
  decide(
    INES,
    BRUNO,
    29,
    Array.from({ length: 20 }, (_, place) => decision(`D-3${place}`, 'RC-3', `w-${place}`, iso(ago(30) + place * 2000), { system: 'wiki' })),
  );
  registers.enter('review-campaigns', [campaign('RC-3', ['wiki'], 38, { items: 20, completed: at(28) })], { by: INES, merger: null, at: ago(28) });

  const report = (id: string, end: number, delivered: number) => ({
    ...{ id, title: `Access of ${id}`, type: 'access-review', from: day(end + 30), to: day(end), generated: at(end - 2) },
    ...{ delivered: at(delivered), deliveredTo: [INES] },
  });
  registers.enter('governance-reports', [report('AR-1', 40, 36), report('AR-2', 50, 36)], { by: BRUNO, merger: INES, at: ago(35) });
}

/** A course that was held in a room: Ines has the list of attendance, Bruno has nothing. */
function learn(registers: Registers, ago: Ago): void {
  const { at } = clockOf(ago);
  const written = { by: INES, merger: BRUNO, at: ago(54) };
  registers.enter('training-courses', [{ id: 'room', title: 'First aid for incidents', kind: 'other', topics: ['incidents'], active: 'yes' }], written);
  const attended = (id: string, worker: string, learner: string, more: object = {}) => ({
    ...{ id, course: 'room', learner: [learner], worker, assigned: at(58), completed: at(55), passed: 'yes' },
    ...more,
  });
  registers.enter('training-completions', [attended('A-1', 'W-1', INES, { evidence: 'list-of-attendance.pdf' }), attended('A-2', 'W-2', BRUNO)], written);
}

/** Looks at what went around the rules, an exception from them, and rollbacks. */
function change(registers: Registers, { bypasses, audited }: History, ago: Ago): void {
  const { day, at } = clockOf(ago);
  const seen = (id: string, subject: string, count: number) => ({ id, title: `Look at ${id}`, subject, reviewed: at(count), reviewer: 'W-2', owner: 'W-2' });
  registers.enter('change-reviews', [seen('CR-1', bypasses[1]?.sha ?? '', 16)], { by: BRUNO, merger: INES, at: ago(15) });
  const event = audited.find(({ _document_id: id }) => id === OVERRIDDEN.reviewed)?._document_id ?? '';
  registers.enter('change-reviews', [seen('CR-2', event, 14)], { by: BRUNO, merger: INES, at: ago(14) });
  // It allowed what happened, ended the day after, and was left standing.
  const exception = {
    id: 'EX-1',
    title: 'Import of the old history',
    subject: 'acme/web',
    control: 'CM-02',
    reason: 'it has no pull requests',
    owner: 'W-2',
    until: day(29),
    reviewed: day(31),
    reviewer: 'W-2',
  };
  registers.enter('exceptions', [exception], { by: INES, merger: BRUNO, at: ago(31) });
  const rolledBack = (id: string, system: string, count: number, minutes: number) => ({
    ...{ id, system, performed: at(count, 13), result: 'success', minutes, real: false, performedBy: 'W-2' },
  });
  registers.enter('change-rollback-tests', [rolledBack('RB-1', 'shop', 20, 12), rolledBack('RB-2', 'reports', 20, 95)], {
    by: BRUNO,
    merger: INES,
    at: ago(19),
  });
}

const clockOf = (ago: Ago) => ({
  day: (count: number) => iso(ago(count)).slice(0, 10),
  at: (count: number, hour = 12) => iso(ago(count, hour)),
});
