import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceCatalog } from '../../src/app/catalogue.ts';
import { days, hours, iso, minutes } from '../../src/core/instant.ts';
import { examined, exported, layWorkspace, type Noted, Registers, type Served, serve } from './company.ts';
import { historyOf } from './company-changes.ts';
import { githubOf } from './company-github.ts';
import { jiraOf } from './company-jira.ts';
import { knowbe4Of } from './company-knowbe4.ts';
import { oktaOf } from './company-okta.ts';
import { MADE_FOR, OPEN, PLANTED } from './company-planted.ts';
import { KINDS, layRegisters } from './company-registers.ts';

// A company of nine at work: a directory, a training system, a code host, a tracker, exports of people and devices, and registers under git.
// Nothing of it is told by the company that the program brings along. Each mistake was planted by hand, and beside it something as it should be.

const now = Date.now();
const ago = (count: number, hour = 12) => Math.floor((now - days(count)) / days(1)) * days(1) + hours(hour);
const day = (count: number) => iso(ago(count)).slice(0, 10);

const WORKERS = [
  `W-1,Ines Duarte,ines.duarte@acme.example,employee,Engineering,${day(400)},`,
  `W-2,Bruno Novak,bruno.novak@acme.example,employee,Engineering,${day(400)},`,
  `W-3,Chloe Martin,chloe.martin@acme.example,contractor,Support,${day(400)},`,
  `W-4,Dan Weiss,dan.weiss@acme.example,employee,Support,${day(400)},`,
  `W-5,Eva Sato,eva.sato@acme.example,employee,Support,${day(40)},`,
  `W-6,Femi Cole,femi.cole@acme.example,employee,Support,${day(12)},`,
  `W-7,Gina Rossi,gina.rossi@acme.example,employee,Support,${day(400)},${day(20)}`,
  `W-8,Hugo Blanc,hugo.blanc@acme.example,employee,Support,${day(400)},${day(10)}`,
  `W-9,Ida Kern,ida.kern@acme.example,employee,Engineering,${day(45)},`,
];

const JAMF = 'JSS Computer ID,Computer Name,Serial Number,Operating System Version,Email Address,Managed,FileVault 2 Status,Last Enrollment,Last Check-in';
/** Bruno's has been encrypted in part; Dan has none. */
const LAPTOPS = WORKERS.flatMap((line, place) => {
  const [, name = '', email] = line.split(',');
  const state = name === 'Bruno Novak' ? 'Boot Partitions Encrypted' : 'All Partitions Encrypted';
  return (place > 5 && place < 8) || name === 'Dan Weiss'
    ? []
    : [`${place},${name},C${place},26.1,${email},Managed,${state},${iso(ago(40))},${iso(now - hours(3))}`];
});

describe('a company at work', () => {
  const dir = mkdtempSync(join(tmpdir(), 'company-'));
  const servers: Served[] = [];
  const messages = new Map<string, string>();
  let noted: Noted;

  beforeAll(async () => {
    const history = historyOf(join(dir, 'web.git'), ago);
    for (const { sha, message } of history.web.commits.values()) messages.set(sha.slice(0, 12), message);
    const [okta, knowbe4, github, jira] = await Promise.all([oktaOf({ now, ago }), knowbe4Of({ ago }), githubOf(history), jiraOf({ ago })].map(serve));
    servers.push(...[okta, knowbe4, github, jira].filter((it) => it !== undefined));
    layWorkspace(dir, day(60), { sources: sourcesOf({ okta, knowbe4, github, jira }), people: PEOPLE, systems: SYSTEMS });
    layRegisters(new Registers(dir), history, ago);
    noted = await examined(dir, now, (moment) => {
      exported(dir, 'workers.csv', moment - minutes(1), 'employee_id,name,email,employment_type,department,start_date,end_date', WORKERS);
      exported(dir, 'jamf.csv', moment - minutes(1), JAMF, LAPTOPS);
    });
  }, 180_000);
  afterAll(() => {
    for (const server of servers) server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is collected without a failure', () => expect(noted.reasons).toEqual(noted.reasons.map(() => null)));

  it('has exactly the deviations that were planted, item by item', () => expect(named(noted.deviates)).toEqual(PLANTED));

  it('leaves open what its sources do not tell, and nothing else', () => expect(noted.unknown).toEqual(OPEN));

  it('deviates and conforms in every check that answers what it was made for', () => {
    const { requiredItems } = workspaceCatalog(dir);
    const checks = [...new Set(MADE_FOR.flatMap((id) => requiredItems.find((it) => it.id === id)?.checks ?? []))].sort();
    expect(checks.length).toBeGreaterThan(45);
    expect(checks.filter((check) => PLANTED[check] === undefined)).toEqual([]);
    // One repository has no rules, and the owner may go around those of the other.
    expect(checks.filter((check) => noted.conforming[check] === undefined)).toEqual(['branch-protection-unbypassable']);
  });

  /** Commits bear other names on each day: here they are called by what they say. */
  const named = (deviates: Noted['deviates']) =>
    Object.fromEntries(
      Object.entries(deviates).map(([check, labels]) => [
        check,
        labels.map((label) => label.replace(/\b[0-9a-f]{12}\b/, (sha) => messages.get(sha) ?? sha)).sort(),
      ]),
    );
});

const bought = { owner: 'W-2', critical: false, deployed: false, ssoRequired: false };
const built = { owner: 'W-1', critical: false, environment: 'production', deployed: true, ssoRequired: false, accessReviewed: false };
const SYSTEMS = [
  { id: 'okta', name: 'Okta', ...bought, identityProvider: true, accessReviewed: true, sources: ['okta/users/main', 'okta/system-log/main'] },
  { id: 'radius', name: 'Old directory', ...bought, identityProvider: true, accessReviewed: false },
  { id: 'crm', name: 'CRM', ...bought, accessReviewed: true },
  { id: 'wiki', name: 'Wiki', ...bought, accessReviewed: false },
  { id: 'github', name: 'GitHub', ...bought, accessReviewed: false, sources: ['github/organization/main'] },
  { id: 'jamf', name: 'Jamf', ...bought, accessReviewed: false },
  { id: 'shop', name: 'Shop', ...built },
  { id: 'reports', name: 'Reports', ...built },
];
const PEOPLE = {
  accounts: ['ines', 'bruno', 'chloe'].map((account, place) => ({ system: 'github', account, person: `W-${place + 1}` })),
};
const COURSES = {
  'Security for everybody': { kind: 'security-awareness', topics: ['phishing', 'social-engineering', 'password-hygiene', 'data-handling'] },
  'Phishing in ten minutes': { kind: 'security-awareness', topics: ['phishing', 'social-engineering'] },
  'Secure coding': { kind: 'role-based', topics: ['secure-coding'], audience: ['Engineering'] },
  'Contracts and data': { kind: 'privacy', topics: ['data-handling'], audience: ['Legal'] },
};
const CHANGES = {
  ...{ normal: { types: ['Change'] }, emergency: { labels: ['emergency'] }, approval: { statuses: ['Approved'] }, implementation: { statuses: ['Released'] } },
  ...{ review: { statuses: ['Reviewed'] }, risk: { at: { field: 'customfield_10101' } }, rollback: { heading: 'Rollback' } },
};

function sourcesOf(servers: Readonly<Record<'okta' | 'knowbe4' | 'github' | 'jira', Served | undefined>>): readonly object[] {
  const asked = (collector: string, server: keyof typeof servers, config: object) => ({
    ...{ collector, name: 'main', config: { ...config, endpoint: servers[server]?.endpoint }, credentials: { token: 'env:TOKEN' } },
  });
  return [
    { collector: 'hr/csv', name: 'people', config: { path: 'workers.csv' } },
    { collector: 'files/registers', name: 'workspace', config: { kinds: KINDS } },
    ...['computers', 'last-check-in'].map((what) => ({
      ...{ collector: 'csv/dataset', name: `jamf-${what}`, config: { recipe: `jamf/${what}`, path: 'jamf.csv', attestedBy: 'W-1' } },
    })),
    { collector: 'git/repository', name: 'web', config: { path: 'web.git', repo: 'acme/web', branch: 'main' } },
    ...['okta/users', 'okta/applications', 'okta/system-log'].map((collector) => asked(collector, 'okta', { org: 'acme.okta.com' })),
    asked('knowbe4/training', 'knowbe4', { region: 'eu', domain: 'acme.example', courses: COURSES }),
    asked('github/changes', 'github', { org: 'acme', tickets: ['OPS'] }),
    ...['organization', 'repositories', 'deployments', 'workflow-runs', 'audit-log'].map((what) => asked(`github/${what}`, 'github', { org: 'acme' })),
    asked('jira/issues', 'jira', { site: 'acme.atlassian.net', projects: ['OPS'], changes: CHANGES }),
  ];
}
