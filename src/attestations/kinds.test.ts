import { describe, expect, it } from 'vitest';
import { instant } from '../core/instant.ts';
import { schemaOf, writtenFields } from './fields.ts';
import { kinds, kindOf } from './index.ts';
import type { Fields, Kind, Said } from './kind.ts';
import { problemsOf, rowOf } from './read.ts';

const ZONE = 'Europe/Berlin';
const said: Said = {
  at: instant('2026-03-02T10:00:00Z'),
  authorEmail: 'maria.lopez@acme.example',
  knownBy: 'commit',
  approved: 'yes',
  approverEmails: ['ines.duarte@acme.example'],
  approvedAt: instant('2026-03-02T11:00:00Z'),
};
const kind = (id: string): Kind => kindOf(id) ?? expect.fail(`no kind ${id}`);
const without = (entry: Fields, field: string): Fields => Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field));

describe.each(kinds.map((its) => [its.id, its] as const))('%s', (_, its) => {
  it('has an example that can be read, and becomes a row of its dataset', () => {
    expect(problemsOf(its, its.example, ZONE)).toEqual([]);
    if (its.dataset) expect(its.dataset.row.safeParse(rowOf(its, its.example, said, ZONE)).error).toBeUndefined();
  });

  it('writes no two fields alike, and every field of its dataset is written or follows', () => {
    const names = writtenFields(its).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const shape = its.dataset ? Object.keys((its.dataset.row as unknown as { shape: object }).shape) : [];
    const reached = [...writtenFields(its).flatMap(({ field }) => field ?? []), ...its.followed];
    expect(reached.toSorted()).toEqual(shape.toSorted());
    for (const { name, meaning } of writtenFields(its)) expect(`${name}: ${meaning}`).toMatch(/: \S/);
  });

  it('keeps the id of an entry as the key of its row', () => {
    if (its.dataset) expect(rowOf(its, { ...its.example, id: 'Z-9' }, said, ZONE)[its.key]).toBe('Z-9');
  });

  it('misses each field that must be there', () => {
    for (const { name, required, meaning } of writtenFields(its)) {
      const problems = problemsOf(its, without(its.example, name), ZONE);
      expect(problems).toEqual(required ? [{ field: name, says: `it is missing: ${meaning}` }] : []);
    }
  });
});

it('gives every kind an id of its own', () => expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length));

describe('rows', () => {
  it('hold dates as instants in the zone of the workspace, the last day to its end', () => {
    expect(rowOf(kind('hr-terminations'), { id: 'T-1', worker: 'W-017', effective: '2026-03-31', notified: '2026-02-27' }, said, ZONE)).toEqual({
      terminationId: 'T-1',
      workerId: 'W-017',
      type: 'unknown',
      effectiveAt: instant('2026-03-31T22:00:00Z'),
      notifiedAt: instant('2026-02-26T23:00:00Z'),
      recordedAt: said.at,
      returnedAt: null,
      authorEmail: 'maria.lopez@acme.example',
      knownBy: 'commit',
      approved: 'yes',
      approverEmails: ['ines.duarte@acme.example'],
      approvedAt: instant('2026-03-02T11:00:00Z'),
    });
  });

  it.each([
    [said, 'approved', 'ines.duarte@acme.example', said.approvedAt],
    [{ ...said, approved: 'no', approverEmails: [], approvedAt: null } as const, 'pending', null, null],
    [{ ...said, approved: 'unknown', approverEmails: [], approvedAt: null } as const, 'unknown', null, null],
  ])('of a request are approved by who approved the entry, whatever it says: %#', (by, decision, approverEmail, decidedAt) => {
    const entry = { ...kind('access-requests').example, for: 'Maria.Lopez@acme.example', reviewer: 'W-001' };
    expect(rowOf(kind('access-requests'), entry, by, ZONE)).toMatchObject({
      requestId: 'AR-1',
      beneficiaryEmails: ['maria.lopez@acme.example'],
      target: 'aws',
      requester: 'maria.lopez@acme.example',
      decision,
      approverEmail,
      decidedAt,
    });
  });

  it('of an acceptance are of who states it, at the time when they do', () => {
    const entry = { id: 'PA-2', policy: 'POL-1', version: 2 };
    const row = { acceptanceId: 'PA-2', policyId: 'POL-1', version: '2', workerId: null, acceptedAt: said.at };
    expect(rowOf(kind('policy-acceptances'), entry, said, ZONE)).toEqual({ ...row, emails: [said.authorEmail], shownBy: 'commit' });
    const nobody = { ...said, authorEmail: null, knownBy: 'none' } as const;
    expect(rowOf(kind('policy-acceptances'), entry, nobody, ZONE)).toEqual({ ...row, emails: [], shownBy: 'none' });
    for (const field of ['worker', 'accepted', 'emails', 'shownBy'])
      expect(problemsOf(kind('policy-acceptances'), { ...entry, [field]: 'W-1' }, ZONE)).toEqual([
        { field, says: expect.stringContaining('has no such field') },
      ]);
  });

  it('of a completion are the word of a person', () => {
    expect(rowOf(kind('training-completions'), { id: 'TC-2', course: 'C-1', worker: 'W-1', assigned: '2026-01-05', passed: 'no' }, said, ZONE)).toEqual({
      systemId: 'registers',
      completionId: 'TC-2',
      courseId: 'C-1',
      course: 'C-1',
      learnerId: null,
      learner: 'W-1',
      learnerEmails: [],
      hrId: 'W-1',
      assignedAt: instant('2026-01-04T23:00:00Z'),
      completedAt: null,
      passed: 'no',
      recordedBy: 'manual',
      evidence: null,
      knownSince: instant('2026-01-04T23:00:00Z'),
    });
  });
});

describe('what is wrong', () => {
  const session = kind('access-privileged-sessions');
  it.each([
    [
      { ...session.example, stated: 'x' },
      [{ field: 'stated', says: expect.stringMatching(/no such field \(did you mean "started"\?\)\. It has: id, type, /) }],
    ],
    [{ ...session.example, type: 'sudo' }, [{ field: 'type', says: 'expected one of break-glass, just-in-time, support, database' }]],
    [{ ...session.example, started: 'yesterday' }, [{ field: 'started', says: 'expected a date like 2026-03-29, or an instant like 2026-03-29T12:00:00Z' }]],
    [{ ...session.example, started: '2026-02-30' }, [{ field: 'started', says: 'not a date: 2026-02-30 (write it like 2026-03-29)' }]],
    [{ ...session.example, worker: ['W-1'] }, [{ field: 'worker', says: 'expected a text' }]],
    [[1], [{ field: null, says: 'expected a mapping with id, type, worker, system and so on' }]],
    [null, [{ field: null, says: 'expected a mapping with id, type, worker, system and so on' }]],
  ])('%j', (entry, problems) => expect(problemsOf(session, entry, ZONE)).toEqual(problems));

  it('cannot be smuggled in: who approved is no field of an entry', () => {
    const [problem] = problemsOf(kind('access-roles'), { ...kind('access-roles').example, approverEmails: ['x@acme.example'], __proto__x: 1 }, ZONE);
    expect(problem).toEqual({ field: 'approverEmails', says: expect.stringContaining('access-roles has no such field') });
    expect(schemaOf(kind('risks')).safeParse({ id: 1, title: 'x', anything: { at: 'all' } }).success).toBe(true);
  });
});
