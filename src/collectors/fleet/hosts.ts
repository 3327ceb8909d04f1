import { z } from 'zod';
import { utcDay } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import { ternary } from '../../core/ternary.ts';
import { type EndpointActivity, endpointActivity } from '../../datasets/asset/endpoint-activity.ts';
import { type Endpoint, endpoints } from '../../datasets/asset/endpoints.ts';
import { type Server, servers } from '../../datasets/asset/servers.ts';
import { pagesOf, parse, read } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact } from '../source.ts';

/** Fleet writes never as the first instant of 2000, and Go as that of the year 1. */
const NEVER_BEFORE = Date.parse('2001-01-01T00:00:00Z');
const moment = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (!text) return null;
    const at = Date.parse(text);
    if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: `not an instant: ${text}` });
    return at < NEVER_BEFORE ? null : at;
  });

const Policy = z.object({ name: z.string().min(1), response: z.string().nullish() });
const EndUser = z.object({ idp_username: z.string().nullish(), other_emails: z.array(z.object({ email: z.string().nullish() })).nullish() });
export const FleetHost = z.object({
  id: z.int(),
  hostname: z.string().nullish(),
  display_name: z.string().nullish(),
  hardware_serial: z.string().nullish(),
  platform: z.string().nullish(),
  team_name: z.string().nullish(),
  os_version: z.string().nullish(),
  seen_time: moment,
  last_enrolled_at: moment,
  last_mdm_checked_in_at: moment,
  disk_encryption_enabled: z.boolean().nullish(),
  mdm: z.object({ enrollment_status: z.string().nullish() }).nullish(),
  policies: z.array(Policy).nullish(),
  end_users: z.array(EndUser).nullish(),
});
export type FleetHost = z.infer<typeof FleetHost>;
const Hosts = z.object({ hosts: z.array(z.object({ id: z.int() })).nullish() });
const One = z.object({ host: FleetHost });
const Count = z.object({ count: z.int().nonnegative() });
const Caller = z.object({ user: z.object({ name: z.string().nullish(), email: z.string().nullish(), global_role: z.string().nullish() }) });

const names = z.array(z.string().min(1)).min(1);
const Rule = z.strictObject({ policies: names.describe('Names of policies in Fleet: passing all of them is yes, failing one is no') });
export const FleetConfig = z.strictObject({
  server: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z]+(:\d+)?$/i, 'expected a host name, like fleet.acme.example')
    .describe('Host name of the Fleet server: fleet.acme.example'),
  screenLock: Rule.extend({
    minutes: z.int().positive().optional().describe('After so many idle minutes a device that passes has locked at the latest'),
  }).optional(),
  osSupported: Rule.optional(),
  malwareProtection: Rule.optional(),
  removableMediaBlocked: Rule.optional(),
  diskEncrypted: Rule.optional().describe('Counts where Fleet itself does not say it, as on some Linux distributions'),
  agentManages: z
    .array(z.enum(['linux', 'chromeos']))
    .default([])
    .describe('Platforms on which Fleet’s agent is the device management, because there is no other'),
  servers: z
    .array(
      z.strictObject({
        team: z.string().min(1).describe('Name of a team in Fleet whose hosts are servers and nobody’s devices'),
        environment: z.enum(['production', 'nonproduction']).default('production'),
        replaced: z.boolean().default(false).describe('They are never changed: new ones from a new image take their place'),
      }),
    )
    .default([]),
  system: z.string().min(1).default('fleet').describe('Id of the system in the scope'),
});
type FleetConfig = z.infer<typeof FleetConfig>;

const ROOT = '/api/v1/fleet';
const PAGE = 100;

export const fleetHosts = defineCollector<FleetConfig, 'http'>({
  id: 'fleet/hosts',
  title: 'Devices from Fleet: enrolment, disk encryption, users, policies, when last heard of',
  version: 2,
  transport: 'http',
  hosts: ({ server }) => [server.toLowerCase()],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Bearer ${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [{ right: 'an API-only user with the global role Observer', why: 'all hosts of all teams, with their policies' }],
  credentials: { token: 'the API token of a user who may only observe' },
  every: '1d',
  config: FleetConfig,
  feeds: [endpoints, endpointActivity, servers],
  feedsOf: ({ servers: teams }) => (teams.length === 0 ? [endpoints, endpointActivity] : [endpoints, endpointActivity, servers]),
  cannotTell: [
    'devices that were never enrolled in Fleet, and those that were deleted from it',
    'that a device is lost or retired: it is active until it is deleted',
    'disk encryption, where Fleet leaves it out: it is unknown, and never yes',
    'screen lock, support of the operating system, protection and removable media, but by a policy that the configuration names',
    'since when a server runs, only when it was last enrolled',
    'a device that was deleted while the devices were asked one by one makes the run incomplete',
  ],
  partitions: ({ server }) => [server.toLowerCase()],

  async *collect(source, { config }) {
    yield await source.get('caller', `${ROOT}/me`);
    const counted = await source.get('count', `${ROOT}/hosts/count`);
    yield counted;
    const listed = new Set<number>();
    const url = (page: number) => `${ROOT}/hosts?page=${page}&per_page=${PAGE}&order_key=id&order_direction=asc&disable_failing_policies=true`;
    let page = 0;
    for await (const answer of source.walk('hosts', url(0), (its) => (idsIn(its).length === 0 ? null : url(++page)))) {
      for (const id of idsIn(answer)) listed.add(id);
      yield answer;
    }
    const { count } = parse(counted, Count);
    if (count === 0) throw new IncompleteError('Fleet counts no host at all: the user may not see them, or none is enrolled');
    const policies = new Set<string>();
    const teams = new Set<string>();
    for (const id of listed) {
      const artifact = await source.get(`host ${id}`, `${ROOT}/hosts/${id}?exclude_software=true`);
      const { policies: its, team_name: team } = parse(artifact, One).host;
      for (const { name } of its ?? []) policies.add(name);
      if (team) teams.add(team);
      yield artifact;
    }
    const unheard = rulesOf(config).find((name) => !policies.has(name));
    if (unheard !== undefined) throw new IncompleteError(`no host has a policy "${unheard}", and the configuration relies on it`);
    const strange = config.servers.find(({ team }) => !teams.has(team));
    if (strange) throw new IncompleteError(`no host is in a team "${strange.team}", and the configuration takes its hosts for servers`);
  },

  witness(artifacts, { config: { server } }) {
    const { name, email, global_role: role } = read(artifacts, 'caller', Caller).user;
    return {
      askedAs: email || name || null,
      answeredBy: server.toLowerCase(),
      granted: role ? [role] : null,
      totals: { hosts: { received: hostsIn(artifacts).length, total: read(artifacts, 'count', Count).count } },
    };
  },

  normalize(artifacts, { config }) {
    const told = hostsIn(artifacts).map((host) => ({ host, team: config.servers.find(({ team }) => team === host.team_name) }));
    const devices = told.flatMap(({ host, team }) => (team ? [] : [host]));
    const tables = [
      table(
        endpoints,
        devices.map((host) => rowOf(host, config)),
      ),
      table(
        endpointActivity,
        devices.map((host) => activityOf(host, config.system)),
      ),
    ];
    const its = told.flatMap(({ host, team }) => (team ? [serverOf(host, team, config)] : []));
    return config.servers.length === 0 ? tables : [...tables, table(servers, its)];
  },
});

const idsIn = (page: Artifact): readonly number[] => (parse(page, Hosts).hosts ?? []).map(({ id }) => id);

function hostsIn(artifacts: readonly Artifact[]): readonly FleetHost[] {
  const ids = new Set(pagesOf(artifacts, 'hosts').flatMap(idsIn));
  return [...ids].map((id) => read(artifacts, `host ${id}`, One).host);
}

const rulesOf = ({ screenLock, osSupported, malwareProtection, removableMediaBlocked, diskEncrypted }: FleetConfig): readonly string[] =>
  [screenLock, osSupported, malwareProtection, removableMediaBlocked, diskEncrypted].flatMap((rule) => rule?.policies ?? []);

function rowOf(host: FleetHost, config: FleetConfig): Endpoint {
  const { id, hostname, display_name: shown, hardware_serial: serial, os_version: version, disk_encryption_enabled: encrypted, policies } = host;
  const platform = platformOf(host.platform);
  const locks = byRule(host, config.screenLock);
  return {
    systemId: config.system,
    deviceId: String(id),
    name: shown || hostname || `host ${id}`,
    serial: serial || null,
    platform,
    osVersion: version || null,
    userEmails: emailsOf(host),
    status: 'active',
    managed: managedOf(host, platform, config),
    diskEncrypted: encrypted === null || encrypted === undefined ? byRule(host, config.diskEncrypted) : ternary(encrypted),
    screenLock: locks,
    screenLockMinutes: locks === 'yes' ? (config.screenLock?.minutes ?? null) : null,
    osSupported: byRule(host, config.osSupported),
    malwareProtection: byRule(host, config.malwareProtection),
    removableMediaBlocked: byRule(host, config.removableMediaBlocked),
    policiesMet: (policies ?? []).length === 0 ? 'unknown' : met(policies ?? []),
    policiesFailed: [...new Set((policies ?? []).flatMap(({ name, response }) => (response === 'fail' ? [name] : [])))].sort(),
    enrolledAt: host.last_enrolled_at,
    retiredAt: null,
  };
}

const serverOf = (host: FleetHost, { environment, replaced }: FleetConfig['servers'][number], config: FleetConfig): Server => ({
  systemId: config.system,
  serverId: String(host.id),
  name: host.display_name || host.hostname || `host ${host.id}`,
  environment,
  protection: byRule(host, config.malwareProtection),
  replaced: ternary(replaced),
  startedAt: host.last_enrolled_at,
});

/** A policy that does not apply to the device, or has not been answered by it, proves nothing. */
function byRule({ policies }: FleetHost, rule: z.infer<typeof Rule> | undefined): Endpoint['policiesMet'] {
  if (rule === undefined) return 'unknown';
  const its = rule.policies.map((name) => policies?.find((policy) => policy.name === name) ?? { name, response: null });
  return met(its);
}

function met(policies: readonly z.infer<typeof Policy>[]): Endpoint['policiesMet'] {
  if (policies.some(({ response }) => response === 'fail')) return 'no';
  return policies.every(({ response }) => response === 'pass') ? 'yes' : 'unknown';
}

function managedOf({ mdm }: FleetHost, platform: Endpoint['platform'], { agentManages }: FleetConfig): Endpoint['managed'] {
  if (agentManages.some((it) => it === platform)) return 'yes';
  const status = mdm?.enrollment_status;
  if (!status) return 'unknown';
  return /^on\b/i.test(status) ? 'yes' : /^(off|pending)\b/i.test(status) ? 'no' : 'unknown';
}

const PLATFORMS: Readonly<Record<string, Endpoint['platform']>> = {
  darwin: 'macos',
  windows: 'windows',
  ios: 'ios',
  ipados: 'ios',
  android: 'android',
  chrome: 'chromeos',
};
const LINUX =
  /^(linux|ubuntu|debian|rhel|centos|sles|opensuse.*|kali|gentoo|amzn|pop|arch|linuxmint|void|nixos|endeavouros|manjaro.*|neon|tuxedo|rocky|almalinux|fedora)$/;

function platformOf(platform: string | null | undefined): Endpoint['platform'] {
  if (!platform) return 'unknown';
  return PLATFORMS[platform] ?? (LINUX.test(platform) ? 'linux' : 'other');
}

function emailsOf({ end_users: people }: FleetHost): readonly string[] {
  const addresses = (people ?? []).flatMap(({ idp_username: name, other_emails: others }) => [name, ...(others ?? []).map(({ email }) => email)]);
  return [...new Set(addresses.flatMap((it) => (it?.includes('@') ? [it.toLowerCase()] : [])))];
}

function activityOf({ id, seen_time: seen, last_mdm_checked_in_at: checked }: FleetHost, system: string): EndpointActivity {
  const last = seen === null && checked === null ? null : Math.max(seen ?? 0, checked ?? 0);
  return { systemId: system, deviceId: String(id), lastSeenAt: last === null ? null : utcDay(last), protectionSeenAt: null };
}
