import { days, hours, type Instant, iso } from '../core/instant.ts';
import { EXPORT_CAST, EXPORT_DAYS } from './export-stories.ts';
import { during } from './stories.ts';
import type { AcmeSource } from './watch-configuration.ts';
import { type Person, person, type World } from './world.ts';

/** Who attests to what people export. */
const ATTESTS = 'W-002';
const WINDOWS = 'exports/windows.csv';
const DESK = 'exports/desk.csv';
const CLASSES = 'exports/classes.csv';
const SHARED = { attestedBy: ATTESTS } as const;

const source = (name: string, config: object): AcmeSource => ({
  source: `csv/dataset/${name}`,
  entry: `collector: csv/dataset, name: ${name}, config: ${JSON.stringify({ ...config, ...SHARED })}`,
  nights: 1,
  since: 'watchedAt',
});

const user = { systemId: { value: 'desk' }, userId: 'Id' } as const;
const SAME = ['completionId', 'courseId', 'course', 'learner', 'learnerEmails', 'hrId', 'completedAt', 'recordedBy', 'evidence', 'knownSince'];

/** What no source of Acme tells by itself, as its people export it each night. */
export const EXPORTED: readonly AcmeSource[] = [
  source('windows', {
    ...{ recipe: 'intune/devices', path: WINDOWS },
    columns: {
      ...{ status: 'State', retiredAt: 'Retired', screenLock: 'Locks', screenLockMinutes: 'Minutes', osSupported: 'Supported' },
      ...{ malwareProtection: 'Protection', removableMediaBlocked: 'Sticks blocked' },
    },
  }),
  source('windows-reports', { recipe: 'intune/last-check-in', path: WINDOWS, columns: { protectionSeenAt: 'Protection reported' } }),
  source('desk', {
    ...{ dataset: 'identity.users', path: DESK },
    columns: {
      ...{ ...user, login: 'Login', handles: 'Login', emails: 'Login', displayName: 'Name', kind: { value: 'human' }, status: 'State' },
      ...{ privileged: 'Administrator', password: 'Password', createdAt: 'Created' },
    },
  }),
  source('desk-use', { dataset: 'identity.activity', path: DESK, columns: { ...user, lastUsedAt: 'Last sign-in' } }),
  source('classes', {
    ...{ dataset: 'training.completions', path: CLASSES, from: '2020-01-01T00:00:00Z' },
    columns: { systemId: { value: 'knowbe4' }, passed: { value: 'yes' }, ...Object.fromEntries(SAME.map((field) => [field, field])) },
  }),
];

/** The exports as they are made at the beginning of a day. */
export function exportsOf(world: World, at: Instant): Readonly<Record<string, string>> {
  if (at < world.watchedAt) return {};
  const made = Math.floor(at / days(1)) * days(1);
  const file = (lines: readonly (readonly string[])[]): string => `# generated ${iso(made)}\n${lines.map((cells) => cells.join(',')).join('\n')}\n`;
  return { [WINDOWS]: file(windows(world, made)), [DESK]: file(desk(world, made)), [CLASSES]: file(classes(world)) };
}

const HEAD = ['Device ID', 'Device name', 'Serial number', 'OS', 'OS version', 'Primary user email address', 'Managed by', 'Encrypted', 'Compliance'];
const MORE = ['Enrollment date', 'State', 'Retired', 'Locks', 'Minutes', 'Supported', 'Protection', 'Sticks blocked', 'Last check-in', 'Protection reported'];

/** Second computers of those who keep the books, with Windows, and two that are not used any more. */
function windows(world: World, made: Instant): readonly (readonly string[])[] {
  const { silentProtection, wiped, setAside } = EXPORT_DAYS;
  const line = (id: number, email: string, { state = 'active', retired = '', seen = made - hours(16), reported = made } = {}) => [
    ...[`win-${id}`, `pc-${id}`, `5CD0${id}`, 'Windows', '11 24H2', email, 'Intune', 'True', 'Compliant', iso(world.ago(300))],
    ...[state, retired, 'yes', '10', 'yes', 'yes', 'yes', iso(seen), iso(reported)],
  ];
  const used = EXPORT_CAST.bookkeepers.map((place, index) => {
    const silent = place === EXPORT_CAST.silentProtection && during(world, made, silentProtection);
    return line(71 + index, person(world, place).email, silent ? { reported: world.ago(silentProtection.from) } : {});
  });
  const gone = line(79, '', { state: 'retired', retired: iso(world.ago(setAside)), seen: world.ago(setAside + 3), reported: world.ago(setAside + 3) });
  const taken = line(78, '', { state: 'retired', retired: iso(world.ago(wiped.retired)), seen: world.ago(wiped.seen), reported: world.ago(wiped.seen) });
  return [[...HEAD, ...MORE], ...used, gone, ...(made < world.ago(wiped.to) ? [taken] : [])];
}

/** Accounts of the support desk, whose tool lets nobody in but by single sign-on: one had kept a password of its own. */
function desk(world: World, made: Instant): readonly (readonly string[])[] {
  const agents = world.people.filter(({ department, startAt, endAt }) => department === 'Support' && startAt <= made && (endAt === null || made < endAt));
  const own = person(world, EXPORT_CAST.ownPassword);
  return [
    ['Id', 'Login', 'Name', 'State', 'Administrator', 'Password', 'Created', 'Last sign-in'],
    ...agents.map((it) => [
      ...[`agent-${it.id.slice(2)}`, it.email, it.name, 'active', 'no', it === own && during(world, made, EXPORT_DAYS.ownPassword) ? 'yes' : 'no'],
      ...[iso(it.startAt), iso(Math.max(it.startAt, made - hours(16)))],
    ]),
  ];
}

/** A class that was held in a room: who was there is written down by hand. Of one nobody has the list. */
function classes(world: World): readonly (readonly string[])[] {
  const held = world.ago(EXPORT_DAYS.schoolClass, 15);
  const attended = ({ id, name, email }: Person, evidence: string) => [
    ...[`class-${id}`, 'store 7002', 'Secure Coding', name, email, id, iso(held), 'manual', evidence, iso(held)],
  ];
  return [SAME, ...EXPORT_CAST.pupils.map((place) => attended(person(world, place), place === EXPORT_CAST.unlisted ? '' : 'attendance list 14'))];
}
