import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accessKeysRotated } from '../src/checks/access-keys-rotated.ts';
import { days } from '../src/core/instant.ts';
import { Assessor } from '../src/engine/assess.ts';
import { Coverage } from '../src/engine/coverage.ts';
import { Engine } from '../src/engine/engine.ts';
import { AT, key, system } from './rows.ts';

/** The traps that concern a check of access, change, devices or training, each with the tests that have a case of its name. */
const CASES: Readonly<Record<number, readonly string[]>> = {
  1: ['src/checks/mfa-enforced.test.ts', 'src/checks/mfa-enrolled.test.ts', 'src/checks/second-factor-used.test.ts'],
  2: ['src/checks/admin-factors-strong.test.ts', 'src/checks/mfa-enrolled.test.ts', 'src/collectors/okta/users.test.ts'],
  3: ['src/checks/mfa-enforced.test.ts', 'src/collectors/okta/sign-on.test.ts'],
  4: ['src/checks/local-passwords-removed.test.ts', 'src/checks/personal-tokens-limited.test.ts'],
  5: ['src/checks/mfa-enforced.test.ts', 'src/checks/mfa-enrolled.test.ts'],
  6: [
    'src/checks/admin-factors-strong.test.ts',
    'src/checks/mfa-enforced.test.ts',
    'src/checks/mfa-enrolled.test.ts',
    'src/checks/second-factor-used.test.ts',
    'src/checks/service-accounts-owned.test.ts',
  ],
  7: ['src/checks/admin-factors-strong.test.ts', 'src/checks/break-glass-reviewed.test.ts', 'src/checks/mfa-enforced.test.ts'],
  8: ['src/checks/mfa-enrolled.test.ts', 'src/collectors/github/organization.test.ts'],
  9: ['src/checks/mfa-enforced.test.ts', 'src/collectors/aws/documents.test.ts'],
  10: ['src/checks/root-use-recorded.test.ts', 'src/collectors/aws/root-uses.test.ts'],
  11: ['src/checks/root-mfa-enabled.test.ts'],
  12: ['src/checks/dormant-accounts-disabled.test.ts', 'src/checks/unused-keys-removed.test.ts'],
  13: ['src/checks/devices-assigned.test.ts', 'src/checks/workers-trained.test.ts'],
  14: ['src/checks/departures-recorded.test.ts', 'src/checks/leaver-access-removed.test.ts'],
  15: ['src/checks/leaver-access-removed.test.ts'],
  16: ['src/checks/workers-equipped.test.ts', 'src/checks/workers-trained.test.ts'],
  17: ['src/checks/joiners-trained.test.ts', 'src/checks/leaver-access-removed.test.ts', 'src/checks/workers-trained.test.ts'],
  18: ['src/checks/accounts-owned.test.ts'],
  19: ['src/checks/leaver-access-removed.test.ts', 'src/checks/leaver-keys-removed.test.ts', 'src/checks/leaver-sign-ins-stopped.test.ts'],
  20: ['test/traps.test.ts'],
  21: ['src/checks/deactivations-matched.test.ts'],
  22: ['src/checks/conflicting-duties-separated.test.ts', 'src/checks/escalation-paths-closed.test.ts', 'src/checks/repo-access-justified.test.ts'],
  23: ['src/checks/escalation-paths-closed.test.ts', 'src/checks/grants-given-through-roles.test.ts', 'src/datasets/iam/permissions.test.ts'],
  24: ['src/checks/privileged-sessions-allowed.test.ts'],
  25: ['src/checks/admins-few.test.ts', 'src/checks/policies-scoped.test.ts', 'src/datasets/iam/permissions.test.ts'],
  26: ['src/checks/access-review-decisions-independent.test.ts', 'src/checks/access-review-populations-decided.test.ts'],
  27: ['src/checks/review-revocations-proven.test.ts', 'src/checks/revoked-access-kept-removed.test.ts'],
  28: [
    'src/checks/branch-protection-unbypassable.test.ts',
    'src/checks/commits-landed-through-review.test.ts',
    'src/checks/direct-pushes-reviewed.test.ts',
    'src/checks/environments-protected.test.ts',
    'src/checks/rule-bypasses-reviewed.test.ts',
    'src/checks/rule-overrides-reviewed.test.ts',
  ],
  29: ['src/checks/changes-independently-approved.test.ts', 'src/checks/stale-approvals-dismissed.test.ts'],
  30: [
    'src/checks/change-tickets-completed.test.ts',
    'src/checks/changes-independently-approved.test.ts',
    'src/checks/deployments-approved.test.ts',
    'src/checks/emergency-changes-reviewed.test.ts',
    'src/checks/rule-loosenings-approved.test.ts',
  ],
  31: ['src/checks/changes-independently-approved.test.ts', 'src/checks/deployments-approved.test.ts', 'src/checks/unapproved-changes-reviewed.test.ts'],
  32: ['src/checks/commits-landed-through-review.test.ts'],
  33: ['src/checks/required-checks-passed.test.ts', 'src/checks/security-checks-passed.test.ts'],
  34: ['src/checks/changes-landed-under-rules.test.ts', 'src/checks/rule-loosenings-approved.test.ts'],
  35: [
    'src/checks/branch-protection-enforced.test.ts',
    'src/checks/changes-landed-under-rules.test.ts',
    'src/checks/required-checks-passed.test.ts',
    'src/checks/security-checks-required.test.ts',
    'src/checks/stale-approvals-dismissed.test.ts',
  ],
  36: [
    'src/checks/changes-independently-approved.test.ts',
    'src/checks/emergency-changes-few.test.ts',
    'src/checks/emergency-changes-reviewed.test.ts',
    'src/checks/unapproved-changes-reviewed.test.ts',
  ],
  37: ['src/checks/deployed-commits-landed.test.ts', 'src/checks/deployments-made-by-pipeline.test.ts'],
  38: [
    'src/checks/change-tickets-approved.test.ts',
    'src/checks/change-tickets-completed.test.ts',
    'src/checks/drift-resolved.test.ts',
    'src/checks/hand-changes-ticketed.test.ts',
  ],
  39: ['src/checks/branch-protection-enforced.test.ts', 'src/checks/changes-landed-under-rules.test.ts', 'src/checks/security-checks-required.test.ts'],
  40: ['src/checks/cloud-accounts-declared.test.ts'],
  43: ['src/checks/escalation-paths-closed.test.ts'],
  52: ['src/checks/rollbacks-rehearsed.test.ts'],
  57: ['src/checks/workers-trained.test.ts'],
  64: ['src/checks/change-tickets-approved.test.ts'],
  65: ['test/check-tester.ts'],
  69: ['src/checks/access-reports-delivered.test.ts'],
  70: ['src/checks/commits-landed-through-review.test.ts'],
  71: [
    'src/checks/change-tickets-completed.test.ts',
    'src/checks/cloud-accounts-separated.test.ts',
    'src/checks/devices-encrypted.test.ts',
    'src/checks/devices-protected.test.ts',
    'src/checks/mfa-enrolled.test.ts',
    'src/checks/workers-trained.test.ts',
  ],
  74: ['src/checks/cloud-accounts-declared.test.ts', 'src/checks/course-audiences-known.test.ts', 'src/checks/retired-devices-silent.test.ts'],
};

/** Those that concern none, and why. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  41: 'encryption of stores is of the family encryption',
  42: 'copies of databases are of the family encryption',
  44: 'versions of TLS are of the family encryption',
  45: 'certificates are of the family encryption',
  46: 'retention of logs is of the family logging',
  47: 'delivery of trails is of the family logging',
  48: 'rules of alerting are of the family logging',
  49: 'alerts and who takes them are of the family logging',
  50: 'incidents have no check in these families',
  51: 'thresholds of alerting are of the family logging',
  53: 'jobs of backup have no check in these families',
  54: 'reports of vendors are of the family vendors',
  55: 'opinions on vendors are of the family vendors',
  56: 'the inventory of vendors is of the family vendors',
  58: 'versions of policies are of the family policy',
  59: 'the text of a policy is of the family policy',
  60: 'the register of risks is of the family risk',
  61: 'exercises have no check in these families',
  62: 'a deviation stays open by the engine: src/engine/exclusions and its parameters in force',
  63: 'checks that change are performed again by the engine, from replay',
  66: 'what a source forgets is told by its collector',
  67: 'late events are a matter of marks of collectors',
  68: 'too few rights are refused by collectors',
  72: 'pages that move are a matter of transports',
  73: 'another tenant is refused by collectors',
};
const HIGHEST = 74;
const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

it('names every trap once: with its cases, or with the reason why it has none here', () => {
  const all = Array.from({ length: HIGHEST }, (_, place) => place + 1);
  expect([...Object.keys(CASES), ...Object.keys(ELSEWHERE)].map(Number).sort((a, b) => a - b)).toEqual(all);
});

it.each(Object.entries(CASES))('trap %s is a case of its tests', (trap, files) => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !read(file).includes(`'trap ${trap}: `))).toEqual([]);
});

it('trap 20: what was deleted leaves the list, and counts in the time in which it was there', () => {
  const [made, seen, gone] = [AT - days(100), AT, AT + days(1)];
  const run = { source: 'aws/iam/main', partition: '123456789012', complete: true, reason: null };
  const engine = Engine.from(
    [accessKeysRotated],
    [
      { ...run, dataset: 'asset.systems', at: made, rows: [system({ systemId: 'aws' })], record: 0 },
      { ...run, dataset: 'iam.access-keys', at: seen, rows: [key({ createdAt: made })], record: 1 },
      { ...run, dataset: 'iam.access-keys', at: gone, rows: [], record: 2 },
    ],
  );
  const datasets = [accessKeysRotated.population.dataset, accessKeysRotated.with.scope.rows.dataset];
  const expected = datasets.map(({ id: dataset }) => ({ dataset, source: run.source, partition: run.partition, from: seen, to: Infinity }));
  const assessor = new Assessor(engine, new Coverage(engine.facts, datasets, expected));
  const period = { from: seen, to: gone + days(1) };
  expect(assessor.at(accessKeysRotated, gone, period)).toMatchObject({ status: 'empty', items: 0 });
  expect(assessor.over(accessKeysRotated, period, gone)).toMatchObject({ status: 'fail', items: 1 });
});
