import { describe, expect, it } from 'vitest';
import { FLEET_READING } from '../../src/acme/fleet.ts';
import { acmeWire } from '../../src/acme/wire.ts';
import { FleetHost, fleetHosts } from '../../src/collectors/fleet/hosts.ts';
import { instant } from '../../src/core/instant.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { collectOnce, recorded, world } from '../recorded.ts';
import { differences, madeOf, shapesOf, strangers } from './shapes.ts';

// Nobody here wrote the other side: what a Fleet server answered when somebody else recorded it.

const RECORDED = instant('2023-08-23T15:51:08Z');
const LIST = '/api/v1/fleet/hosts';
const answers = shapesOf('fleet');
const [list, one] = [answers[`GET ${LIST}`], answers[`GET ${LIST}/{id}`]];
if (list === undefined || one === undefined) throw new RangeError('there is no recording of hosts');
const of = (body: unknown) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) });

describe('a Fleet server', () => {
  it('answered as Acme’s does, and what it had not then is known', async () => {
    const wire = acmeWire(world, () => world.ago(3, 4));
    const ask = async (path: string) =>
      JSON.parse(
        new TextDecoder().decode((await wire({ method: 'GET', url: `https://${FLEET_READING.server}${path}`, headers: {}, body: null })).body),
      ) as unknown;
    const hosts = await ask(`${LIST}?page=0`);
    const each = await Promise.all((hosts as { readonly hosts: readonly { readonly id: number }[] }).hosts.map(({ id }) => ask(`${LIST}/${id}`)));
    const servers = await Promise.all([901, 902, 903].map((id) => ask(`${LIST}/${id}`)));
    expect(differences(list, hosts)).toEqual([]);
    expect(each.length).toBe(25);
    expect([...each].flatMap((host) => differences(one, host))).toEqual([]);
    // Of hosts in a team the recording has none.
    expect([...new Set(servers.flatMap((host) => differences(one, host)))]).toEqual(['.host.team_id: number, not null', '.host.team_name: text, not null']);
    expect([...new Set([...strangers(list, hosts), ...[...each, ...servers].flatMap((host) => strangers(one, host))])].sort()).toEqual([
      '.host.end_users',
      '.host.last_mdm_checked_in_at',
      '.host.last_mdm_enrolled_at',
    ]);
  });

  it('said all that is read of a host, but for what is younger', () => {
    const { host } = one as { readonly host: Readonly<Record<string, unknown>> };
    expect(Object.keys(FleetHost.shape).filter((field) => !(field in host))).toEqual(['last_mdm_checked_in_at', 'end_users']);
    const made = (madeOf(one) as { readonly host: Readonly<Record<string, unknown>> }).host;
    expect(FleetHost.parse(made)).toEqual({
      ...{ id: 7, hostname: 'made', display_name: 'made', hardware_serial: 'made', platform: 'made', os_version: 'made', team_name: null },
      ...{ seen_time: RECORDED, last_enrolled_at: RECORDED, last_mdm_checked_in_at: null, disk_encryption_enabled: true },
      ...{ mdm: { enrollment_status: 'made' }, policies: [{ name: 'made', response: 'made' }] },
    });
  });

  it('is read in the words it used', async () => {
    const made = <More extends object>(more: More) => ({ ...(madeOf(one) as { readonly host: object }).host, ...more });
    const policies = (...responses: readonly string[]) => responses.map((response, place) => ({ name: `Policy ${place}`, response }));
    // The words that stand in the recording of two hosts: their platforms, how they were enrolled, what their policies said.
    const hosts = [
      made({ id: 1, platform: 'darwin', display_name: 'display0', disk_encryption_enabled: true, policies: policies('pass', 'fail') }),
      made({ id: 2, platform: 'ubuntu', display_name: 'display1', disk_encryption_enabled: false, policies: policies('pass', '') }),
    ].map((host, place) => ({
      ...host,
      mdm: { enrollment_status: place === 0 ? 'On (automatic)' : null, server_url: null, name: '', encryption_key_available: false, profiles: null },
    }));
    const wire: Wire = async ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname.endsWith('/me')) return of({ user: { id: 1, name: 'made', email: 'made@acme.example', global_role: 'observer' } });
      if (pathname.endsWith('/count')) return of({ count: 2 });
      if (pathname === LIST) return of({ hosts: searchParams.get('page') === '0' ? hosts : [] });
      return of({ host: hosts.find(({ id }) => pathname === `${LIST}/${id}`) });
    };
    const config = { server: 'fleet.acme.example', screenLock: { policies: ['Policy 0'] }, osSupported: { policies: ['Policy 1'] } };
    const { rows } = await collectOnce(fleetHosts, { ...recorded(fleetHosts, config, 'fleet.acme.example'), wire });
    const shared = { systemId: 'fleet', serial: 'made', enrolledAt: RECORDED, screenLock: 'yes' };
    expect(rows('asset.endpoints')).toEqual([
      expect.objectContaining({ ...shared, deviceId: '1', platform: 'macos', managed: 'yes', diskEncrypted: 'yes', osSupported: 'no', policiesMet: 'no' }),
      expect.objectContaining({
        ...shared,
        deviceId: '2',
        platform: 'linux',
        managed: 'unknown',
        diskEncrypted: 'no',
        osSupported: 'unknown',
        policiesMet: 'unknown',
      }),
    ]);
  });
});
