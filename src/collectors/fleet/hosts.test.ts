import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, one, recorded, world } from '../../../test/recorded.ts';
import { FLEET_READING } from '../../acme/fleet.ts';
import { acmeWire } from '../../acme/wire.ts';
import { WORKFORCE_CAST, WORKFORCE_DAYS, WORKFORCE_STORIES, type WorkforceStory } from '../../acme/workforce-stories.ts';
import { person } from '../../acme/world.ts';
import { IncompleteError } from '../../core/error.ts';
import type { EndpointActivity } from '../../datasets/asset/endpoint-activity.ts';
import type { Endpoint } from '../../datasets/asset/endpoints.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { fleetHosts } from './hosts.ts';

const SERVER = 'fleet.acme.example';
const acme = recorded(fleetHosts, FLEET_READING, SERVER);

collectorTester(fleetHosts as unknown as Collector, acme, (rows) => {
  expect(rows('asset.endpoints').length).toBeGreaterThan(40);
  expect(rows('asset.endpoints').find(({ platform }) => platform === 'windows')).toMatchObject({
    diskEncrypted: 'yes',
    managed: 'yes',
    screenLock: 'yes',
    screenLockMinutes: 15,
    removableMediaBlocked: 'yes',
    policiesMet: 'yes',
  });
  expect(rows('asset.endpoint-activity')).toHaveLength(rows('asset.endpoints').length);
});

describe('what goes wrong with the devices of Acme', () => {
  const who = (story: WorkforceStory) => person(world, WORKFORCE_CAST[story]);
  const at = async (ago: number) => {
    const now = world.ago(ago, 4);
    const { rows } = await collectOnce(fleetHosts, { ...acme, at: now, wire: acmeWire(world, () => now) });
    return {
      devices: rows('asset.endpoints') as unknown as readonly Endpoint[],
      seen: rows('asset.endpoint-activity') as unknown as readonly EndpointActivity[],
    };
  };
  const device = (devices: readonly Endpoint[], story: WorkforceStory) => devices.find(({ serial }) => serial === `C02ACME${who(story).id.slice(2)}`);
  const SHOWS: Readonly<Partial<Record<WorkforceStory, readonly [ago: number, shows: object]>>> = {
    unencrypted: [3, { diskEncrypted: 'no' }],
    unenrolled: [27, { managed: 'no' }],
    unlocked: [65, { screenLock: 'no', screenLockMinutes: null, policiesMet: 'no', policiesFailed: ['Screen locks within 15 minutes'] }],
    outdated: [10, { osSupported: 'no' }],
    linux: [1, { diskEncrypted: 'unknown', platform: 'linux' }],
    sticks: [95, { removableMediaBlocked: 'no', policiesFailed: ['Sticks are read only'] }],
    unprotected: [80, { malwareProtection: 'no' }],
    nobodys: [129, { userEmails: [] }],
  };
  it.each(WORKFORCE_STORIES.filter(({ name }) => SHOWS[name]))('$name: $tells', async ({ name }) => {
    const [ago, shows] = SHOWS[name] ?? [1, {}];
    const { devices } = await at(ago);
    expect(device(devices, name)).toMatchObject(shows);
    const others = devices.filter((it) => it !== device(devices, name));
    for (const [field, value] of Object.entries(shows))
      expect(others.filter((it) => it[field as keyof Endpoint] === value && field !== 'screenLockMinutes')).toEqual([]);
  });

  it('silent: a laptop has not been heard of for weeks', async () => {
    const { devices, seen } = await at(20);
    const old = seen.filter(({ lastSeenAt }) => lastSeenAt !== null && lastSeenAt <= world.ago(WORKFORCE_DAYS.silent.from));
    expect(old).toEqual([
      { systemId: 'fleet', deviceId: device(devices, 'silent')?.deviceId, lastSeenAt: world.ago(WORKFORCE_DAYS.silent.from), protectionSeenAt: null },
    ]);
  });

  it('noDevice: somebody has no device at all', async () => {
    const { devices } = await at(133);
    const active = world.people.filter(({ startAt, endAt }) => startAt <= world.ago(133) && endAt === null);
    const without = active.filter(({ email }) => !devices.some(({ userEmails }) => userEmails.includes(email)));
    expect(without.map(({ id }) => id).sort()).toEqual([who('nobodys').id, who('noDevice').id].sort());
  });
});

// A Fleet of one's own.
const answer = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const fleetOf =
  (hosts: readonly object[], { count = hosts.length, page = 1 } = {}): Wire =>
  async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const all = hosts.map((host, place) => ({ id: place + 1, hostname: `h${place + 1}`, ...host }));
    if (pathname.endsWith('/me')) return answer(200, { user: { name: 'Robot' } });
    if (pathname.endsWith('/count')) return answer(200, { count });
    const start = Number(searchParams.get('page')) * page;
    if (pathname.endsWith('/hosts')) return answer(200, { hosts: start < all.length ? all.slice(start, start + page) : null });
    return answer(200, { host: all.find(({ id }) => pathname.endsWith(`/hosts/${id}`)) });
  };
const run = (hosts: readonly object[], over: object = {}, options: object = {}) =>
  collectOnce(fleetHosts, { ...recorded(fleetHosts, { server: SERVER, ...over }, SERVER), wire: fleetOf(hosts, options) });
const deviceOf = async (host: object, over: object = {}) => one((await run([host], over)).rows('asset.endpoints')) as Endpoint;

describe('servers', () => {
  const servers = [{ team: 'Servers' }, { team: 'Images', replaced: true, environment: 'nonproduction' }];
  const malwareProtection = { policies: ['Scanner runs'] };
  const scanned = (response: string) => ({ policies: [{ name: 'Scanner runs', response }] });
  const enrolled = { last_enrolled_at: '2026-03-01T08:00:00Z' };

  it('are told apart from devices by their team', async () => {
    const hosts = [{ team_name: 'Servers', ...scanned('pass'), ...enrolled }, scanned('fail'), { team_name: 'Images', ...scanned('fail') }];
    const { rows } = await run(hosts, { servers, malwareProtection });
    expect(rows('asset.servers')).toEqual([
      {
        ...{ systemId: 'fleet', serverId: '1', name: 'h1', environment: 'production', protection: 'yes', replaced: 'no' },
        startedAt: Date.parse('2026-03-01T08:00:00Z'),
      },
      { systemId: 'fleet', serverId: '3', name: 'h3', environment: 'nonproduction', protection: 'no', replaced: 'yes', startedAt: null },
    ]);
    expect(rows('asset.endpoints')).toMatchObject([{ deviceId: '2', malwareProtection: 'no' }]);
    expect(rows('asset.endpoint-activity')).toMatchObject([{ deviceId: '2' }]);
  });

  it('of a team that nobody is in make the run incomplete', async () =>
    expect(run([{ team_name: 'Servers' }], { servers })).rejects.toThrow(/no host is in a team "Images"/));
});

describe('what a host says', () => {
  it.each<[string, object, Partial<Endpoint>]>([
    ['silence about its disk is unknown', {}, { diskEncrypted: 'unknown' }],
    ['nothing about its disk is unknown', { disk_encryption_enabled: null }, { diskEncrypted: 'unknown' }],
    ['a disk that is open', { disk_encryption_enabled: false }, { diskEncrypted: 'no' }],
    ['enrolled by hand', { mdm: { enrollment_status: 'On (manual)' } }, { managed: 'yes' }],
    ['yet to be enrolled', { mdm: { enrollment_status: 'Pending' } }, { managed: 'no' }],
    ['a word nobody knows', { mdm: { enrollment_status: 'Once' } }, { managed: 'unknown' }],
    ['an iPad', { platform: 'ipados' }, { platform: 'ios' }],
    ['a distribution of Linux', { platform: 'rhel' }, { platform: 'linux' }],
    ['something else', { platform: 'freebsd' }, { platform: 'other' }],
    ['no platform', { platform: '' }, { platform: 'unknown' }],
    [
      'users by every address',
      { end_users: [{ idp_username: 'A.B@acme.example', other_emails: [{ email: 'a@acme.example' }] }, { idp_username: 'ab' }] },
      { userEmails: ['a.b@acme.example', 'a@acme.example'] },
    ],
    ['no policy', { policies: [] }, { policiesMet: 'unknown', policiesFailed: [] }],
    [
      'a policy not answered',
      {
        policies: [
          { name: 'a', response: 'pass' },
          { name: 'b', response: '' },
        ],
      },
      { policiesMet: 'unknown' },
    ],
    [
      'a policy failed',
      {
        policies: [
          { name: 'a', response: 'fail' },
          { name: 'b', response: '' },
        ],
      },
      { policiesMet: 'no', policiesFailed: ['a'] },
    ],
    ['enrolled at no time', { last_enrolled_at: '2000-01-01T00:00:00Z' }, { enrolledAt: null }],
  ])('%s', async (_, host, shows) => expect(await deviceOf(host)).toMatchObject(shows));

  it('is managed by the agent alone only where the configuration says so', async () => {
    expect(await deviceOf({ platform: 'ubuntu' }, { agentManages: ['linux'] })).toMatchObject({ managed: 'yes' });
    expect(await deviceOf({ platform: 'darwin' }, { agentManages: ['linux'] })).toMatchObject({ managed: 'unknown' });
  });

  it('lets a policy speak of the disk where Fleet does not', async () => {
    const rule = { diskEncrypted: { policies: ['LUKS'] } };
    expect(await deviceOf({ policies: [{ name: 'LUKS', response: 'pass' }] }, rule)).toMatchObject({ diskEncrypted: 'yes' });
    expect(await deviceOf({ disk_encryption_enabled: false, policies: [{ name: 'LUKS', response: 'pass' }] }, rule)).toMatchObject({ diskEncrypted: 'no' });
  });

  it('was last heard of by its agent or by device management, whichever is later', async () => {
    const { rows } = await run([{ seen_time: '0001-01-01T00:00:00Z' }, { seen_time: '2026-03-01T10:00:00Z', last_mdm_checked_in_at: '2026-03-04T10:00:00Z' }]);
    expect(rows('asset.endpoint-activity')).toMatchObject([{ lastSeenAt: null }, { lastSeenAt: Date.parse('2026-03-04T00:00:00Z') }]);
  });
});

it('counts what it received against what Fleet counts', async () => {
  expect((await run([{}, {}], {}, { count: 3 })).witness).toMatchObject({ askedAs: 'Robot', granted: null, totals: { hosts: { received: 2, total: 3 } } });
  const outcome = run([], {});
  await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
  await expect(outcome).rejects.toThrow('Fleet counts no host at all');
});

it('refuses to rely on a policy that no host has', async () => {
  await expect(run([{ policies: [{ name: 'Lock', response: 'pass' }] }], { screenLock: { policies: ['Locks'] } })).rejects.toThrow(
    'no host has a policy "Locks"',
  );
});
