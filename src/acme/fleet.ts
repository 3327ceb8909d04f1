import { days, hours, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { jsonAnswer } from './directory-answer.ts';
import { workday } from './okta.ts';
import { during } from './stories.ts';
import { WATCH_DAYS } from './watch-stories.ts';
import { WORKFORCE_CAST, WORKFORCE_DAYS } from './workforce-stories.ts';
import { type Person, person, type World } from './world.ts';

export const FLEET_READING = {
  server: 'fleet.acme.example',
  screenLock: { policies: ['Screen locks within 15 minutes'], minutes: 15 },
  osSupported: { policies: ['Operating system is supported'] },
  malwareProtection: { policies: ['Malware protection is running'] },
  removableMediaBlocked: { policies: ['Sticks are read only'] },
  agentManages: ['linux'],
  servers: [{ team: 'Servers', environment: 'production', replaced: false }],
} as const;
/** Smaller than what is asked for, so that paging is walked. */
const PAGE = 25;

/** Fleet in the wire format of its REST API: everybody has a laptop, but for those of whom the stories tell. */
export function fleet(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== FLEET_READING.server) return null;
  const topic = pathname.replace('/api/v1/fleet/', '');
  const owners = ownersAt(world, at);
  if (topic === 'me')
    return jsonAnswer(200, { user: { id: 7, name: 'Tickmark', email: 'tickmark@acme.example', global_role: 'observer', api_only: true, teams: [] } }, at);
  if (topic === 'hosts/count') return jsonAnswer(200, { count: owners.length + SERVERS.length }, at);
  if (topic === 'hosts') {
    const page = Number(searchParams.get('page') ?? 0);
    const all = [...owners.map((it) => () => shortOf(world, it, at)), ...SERVERS.map((it) => () => serverOf(world, it, at))];
    return jsonAnswer(200, { hosts: all.slice(page * PAGE, (page + 1) * PAGE).map((host) => host()) }, at);
  }
  const server = SERVERS.find(({ id }) => `hosts/${id}` === topic);
  if (server)
    return jsonAnswer(200, { host: { ...serverOf(world, server, at), policies: policiesOf(malwareOn(world, server, at)), labels: [], users: [] } }, at);
  const owner = owners.find((it) => `hosts/${idOf(it)}` === topic);
  if (owner) return jsonAnswer(200, { host: hostOf(world, owner, at) }, at);
  return jsonAnswer(404, { message: 'Resource Not Found', errors: [{ name: 'base', reason: 'Host was not found in the datastore' }] }, at);
}

/** What runs beside the containers. */
const SERVERS = [
  { id: 901, name: 'mail-1' },
  { id: 902, name: 'jump-1' },
  { id: 903, name: 'reports-1' },
] as const;
type Server = (typeof SERVERS)[number];

const malwareOn = (world: World, { name }: Server, at: Instant) => ({
  'Malware protection is running': !(name === 'jump-1' && during(world, at, WATCH_DAYS.bareServer)),
});

function serverOf(world: World, { id, name }: Server, at: Instant) {
  const made = world.ago(600 - id + 900);
  return {
    ...{ id, created_at: iso(made), updated_at: iso(made), last_enrolled_at: iso(made + hours(1)), seen_time: iso(workday(at, 8)) },
    ...{ hostname: `${name}.acme.example`, display_name: name, hardware_serial: `ec2-${id}`, platform: 'ubuntu', os_version: 'Ubuntu 24.04 LTS' },
    ...{ status: 'online', team_id: 3, team_name: 'Servers', issues: { failing_policies_count: 0, total_issues_count: 0 } },
    mdm: { enrollment_status: null, server_url: null, name: '' },
  };
}

const policiesOf = (responses: Readonly<Record<string, boolean>>) =>
  Object.entries(responses).map(([name, passes], place) => ({ id: place + 1, name, query: 'SELECT 1;', response: passes ? 'pass' : 'fail' }));

const is = (world: World, it: Person, story: keyof typeof WORKFORCE_CAST): boolean => it.id === person(world, WORKFORCE_CAST[story]).id;
const idOf = ({ id }: Person): number => 400 + Number(id.slice(2));
const ownersAt = (world: World, at: Instant): readonly Person[] =>
  world.people.filter(
    (it) => it.startAt <= at && (it.endAt === null || at < it.endAt + days(7)) && !(is(world, it, 'noDevice') && during(world, at, WORKFORCE_DAYS.noDevice)),
  );

const shortOf = (world: World, it: Person, at: Instant) => {
  const isLinux = is(world, it, 'linux');
  const seen = is(world, it, 'silent') && during(world, at, WORKFORCE_DAYS.silent) ? world.ago(WORKFORCE_DAYS.silent.from) : workday(at, 8);
  const off = is(world, it, 'unenrolled') && during(world, at, WORKFORCE_DAYS.unenrolled);
  return {
    id: idOf(it),
    created_at: iso(it.startAt),
    updated_at: iso(it.startAt),
    last_enrolled_at: iso(it.startAt + hours(1)),
    seen_time: iso(Math.max(seen, it.startAt + hours(1))),
    hostname: `laptop-${it.id.slice(2)}.local`,
    display_name: `laptop-${it.id.slice(2)}`,
    hardware_serial: `C02ACME${it.id.slice(2)}`,
    platform: isLinux ? 'ubuntu' : Number(it.id.slice(2)) % 5 === 0 ? 'windows' : 'darwin',
    os_version: isLinux ? 'Ubuntu 24.04 LTS' : Number(it.id.slice(2)) % 5 === 0 ? 'Windows 11 Pro 24H2' : 'macOS 26.1',
    status: 'online',
    team_id: null,
    issues: { failing_policies_count: 0, total_issues_count: 0 },
    mdm: isLinux
      ? { enrollment_status: null, server_url: null, name: '' }
      : { enrollment_status: off ? 'Off' : 'On (automatic)', server_url: 'https://fleet.acme.example/mdm', name: 'Fleet' },
  };
};

function hostOf(world: World, it: Person, at: Instant) {
  const encrypted = !(is(world, it, 'unencrypted') && during(world, at, WORKFORCE_DAYS.unencrypted));
  const responses = {
    'Screen locks within 15 minutes': !(is(world, it, 'unlocked') && during(world, at, WORKFORCE_DAYS.unlocked)),
    'Operating system is supported': !(is(world, it, 'outdated') && during(world, at, WORKFORCE_DAYS.outdated)),
    'Malware protection is running': !(is(world, it, 'unprotected') && during(world, at, WORKFORCE_DAYS.unprotected)),
    'Sticks are read only': !(is(world, it, 'sticks') && during(world, at, WORKFORCE_DAYS.sticks)),
  };
  return {
    ...shortOf(world, it, at),
    last_mdm_enrolled_at: null,
    last_mdm_checked_in_at: null,
    ...(is(world, it, 'linux') ? {} : { disk_encryption_enabled: encrypted }),
    policies: policiesOf(responses),
    end_users:
      is(world, it, 'nobodys') && during(world, at, WORKFORCE_DAYS.nobodys)
        ? []
        : [{ idp_username: it.email, idp_full_name: it.name, idp_groups: [], other_emails: [] }],
    labels: [],
    users: [],
  };
}
