import { describe, expect, it } from 'vitest';
import { kinds } from '../attestations/index.ts';
import { registerEntry, worker } from '../../test/rows.ts';
import { standing } from '../checks/scope.ts';
import { days, instant, NEVER } from '../core/instant.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { terminations } from '../datasets/hr/terminations.ts';
import { workers } from '../datasets/hr/workers.ts';
import { roleDefinitions } from '../datasets/access/role-definitions.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { approvalOf } from './approval.ts';
import { Coverage } from './coverage.ts';
import { Engine } from './engine.ts';
import { retold } from './testing/retold.ts';
import { type Run, streamId } from './facts.ts';

const START = instant('2026-06-01T00:00:00Z');
const ALSO = [terminations, roleDefinitions, workers, aliases] as unknown as readonly Dataset[];
const SAID = { authorEmail: 'ann@acme.example', knownBy: 'key', approved: 'no', approverEmails: [], approvedAt: null } as const;
const gone = {
  terminationId: 'T-1',
  workerId: 'W-1',
  type: 'other',
  effectiveAt: START + days(1),
  notifiedAt: null,
  recordedAt: START,
  returnedAt: null,
  ...SAID,
};
const role = { roleId: 'RO-1', systemId: 'aws', title: 'Operator', description: null, grants: [], ownerId: null, ...SAID };
const run = (dataset: string, kind: string, entry: string, at: number, rows: readonly Row[], record: number, withdrawn?: readonly string[]): Run => ({
  ...{ dataset, source: `attestations/${kind}`, partition: `entry ${entry}`, at: START + days(at), complete: true, reason: null, rows, record },
  ...(withdrawn ? { withdrawn } : {}),
});
const stream = (kind: string, entry: string) => streamId(`attestations/${kind}`, `entry ${entry}`);
const of = (dataset: unknown) => ({ dataset: dataset as Dataset });

describe('what people state', () => {
  const runs = [
    run('hr.terminations', 'hr-terminations', 'T-1', 2, [gone], 0),
    run('hr.terminations', 'hr-terminations', 'T-1', 5, [], 1, ['T-1']),
    run('access.role-definitions', 'access-roles', 'RO-1', 2, [role], 2),
    run('access.role-definitions', 'access-roles', 'RO-1', 9, [], 3),
  ];
  const event = `${stream('hr-terminations', 'T-1')}/T-1`;
  const state = `${stream('access-roles', 'RO-1')}/RO-1`;

  it('happened from its own time, until it is taken back', () => {
    const engine = Engine.from([], runs.slice(0, 1), ALSO);
    expect(engine.facts.of(of(terminations), event)).toMatchObject([{ from: START + days(1), to: NEVER, records: [0] }]);
    expect(Engine.from([], runs, ALSO).facts.of(of(terminations), event)).toEqual([]);
  });

  it('holds as a state from when it was said to when it was taken back', () =>
    expect(Engine.from([], runs, ALSO).facts.of(of(roleDefinitions), state)).toMatchObject([{ from: START + days(2), to: START + days(9), records: [2] }]));

  it('counts again where only what was known before it was taken back is asked for', () => {
    const { engine, forgotten } = Engine.from([], runs, ALSO).knownAt(0);
    expect(forgotten).toEqual([{ dataset: 'hr.terminations', stream: stream('hr-terminations', 'T-1'), tellings: [{ at: START + days(2), record: 0 }] }]);
    engine.renew({ streams: [retold(engine, 'hr.terminations', stream('hr-terminations', 'T-1'), runs.slice(0, 1))] });
    expect(engine.facts.of(of(terminations), event)).toHaveLength(1);
  });

  it('needs no second look: it stands long after a source would have gone silent', () => {
    const { facts } = Engine.from([], runs.slice(0, 3), ALSO);
    const coverage = new Coverage(facts, ALSO, []);
    expect(coverage.stream(roleDefinitions as unknown as Dataset, stream('access-roles', 'RO-1'))).toEqual([{ from: START + days(2), to: NEVER }]);
  });

  describe('and what nobody can tell any more', () => {
    const lost = (it: Run, more: Partial<Run> = {}): Run => ({ ...it, complete: false, reason: 'disposed of', rows: [], ...more });
    const span = (from: number, to: number) => ({ from: START + days(from), to: to === NEVER ? NEVER : START + days(to) });
    const whole = (at: number, record: number) => ({ ...run('access.role-definitions', 'access-roles', '', at, [], record), partition: 'workspace' });
    const covered = (runs: readonly Run[], id: string, expected: ConstructorParameters<typeof Coverage>[2] = []) =>
      new Coverage(Engine.from([], runs, ALSO).facts, ALSO, expected).stream(roleDefinitions as unknown as Dataset, id);

    it('is unknown of its entry up to the next statement about it, and of no other', () => {
      const [said, other] = [runs[2] as Run, run('access.role-definitions', 'access-roles', 'RO-2', 3, [{ ...role, roleId: 'RO-2' }], 4)];
      const gone = lost(run('access.role-definitions', 'access-roles', 'RO-1', 4, [], 5));
      expect(covered([said, gone, other], stream('access-roles', 'RO-1'))).toEqual([span(2, 4)]);
      expect(covered([said, gone, other], stream('access-roles', 'RO-2'))).toEqual([span(3, NEVER)]);
      const again = run('access.role-definitions', 'access-roles', 'RO-1', 8, [role], 6);
      expect(covered([said, gone, again], stream('access-roles', 'RO-1'))).toEqual([span(2, 4), span(8, NEVER)]);
    });

    it('is unknown of the whole kind up to the first configuration after it was disposed of, and not of one before', () => {
      const gone = lost(whole(4, 1), { polled: span(4, 20) });
      const id = streamId('attestations/access-roles', 'workspace');
      expect(covered([whole(1, 0), gone, whole(6, 2)], id)).toEqual([span(1, 4)]);
      expect(covered([whole(1, 0), gone, whole(6, 2), whole(21, 3)], id)).toEqual([span(1, 4), span(21, NEVER)]);
    });

    it('is unknown of everything where nobody can tell which sources were to speak', () => {
      const configuration = { source: 'configuration/tickmark.yaml', partition: 'workspace', dataset: 'people.aliases' };
      const told = (at: number, record: number): Run => ({ ...whole(at, record), ...configuration });
      const expected = [
        { ...configuration, from: START, to: NEVER },
        { dataset: 'access.role-definitions', source: 'attestations/access-roles', partition: 'workspace', from: START, to: NEVER },
      ];
      const { facts } = Engine.from([], [told(0, 0), whole(0, 1), lost(told(4, 2)), told(9, 3)], ALSO);
      const coverage = new Coverage(facts, ALSO, expected);
      for (const id of ['people.aliases', 'access.role-definitions']) expect(coverage.dataset(id)).toEqual([span(0, 4), span(9, NEVER)]);
      expect(coverage.explain('access.role-definitions', START + days(5))).toEqual([expect.stringContaining('tickmark.yaml said then')]);
      expect(coverage.explain('access.role-definitions', START + days(10))).toEqual([]);
    });
  });
});

describe('a statement that allows something', () => {
  const people = [
    worker({ workerId: 'W-1', emails: ['ann@acme.example', 'ann.second@acme.example'] }),
    worker({ workerId: 'W-2', emails: ['bob@acme.example'] }),
  ];
  const told: Run = { dataset: 'hr.workers', source: 'hr/csv/people', partition: 'acme', at: START, complete: true, reason: null, rows: people, record: 0 };
  const { facts } = Engine.from([], [told], ALSO);
  const entry = registerEntry({
    ...{ commit: null, author: 'ann@acme.example', authorEmail: 'ann@acme.example', statement: 12, keyId: 'abc' },
    ...{ approval: 'signature', approverEmails: ['bob@acme.example'] },
  });
  const says = 'the statement of ann@acme.example in record 12';

  it.each([
    [{}, ['W-2'], null],
    [{ keyId: null }, [], `${says} is not authenticated: neither a key that was bound to that address nor a sign-in shows who made it`],
    [{ approval: 'none', approverEmails: [] }, [], `${says} was approved by nobody else`],
    [{ approverEmails: ['ann.second@acme.example'] }, [], `${says} was approved by its author under another address`],
    [{ approverEmails: ['eve@acme.example'] }, [], `no worker has the address under which ${says} was approved: eve@acme.example`],
  ] as const)('is approved by another who signs, and known: %j', (more, by, why) =>
    expect(approvalOf(facts, { ...entry, ...more }, START, new Set())).toEqual({ by, why }),
  );
});

it('asks of registers that feed datasets what the checks of those say, and no more', () => {
  const rest = kinds.filter(({ id }) => standing(registerEntry({ register: id }))).map(({ id }) => id);
  expect(rest).toEqual(['exceptions', 'waivers', 'findings', 'vendors', 'risks']);
});
