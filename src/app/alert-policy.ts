import { CAUSES, type Policy, type Route, type Rule } from '../alerts/policy.ts';
import type { File } from '../configuration/schema.ts';
import { ConfigurationError } from '../core/error.ts';
import { duration } from '../core/instant.ts';
import type { Channel, ChannelConfig } from '../notify/channel.ts';
import { isNetwork } from '../notify/guard.ts';
import { type Means, openChannel } from '../notify/open.ts';

type Alerts = NonNullable<File['alerts']>;
type RuleEntry = NonNullable<Alerts['rules']>[number];

const TERMINAL: Route = { name: 'default', steps: [{ after: 0, to: ['terminal'] }] };
/** What each cause goes by where the file says nothing. */
const USUAL = { count: 1, share: null, after: duration('6h'), within: duration('7d'), controls: null, checks: null, severity: null } as const;

/** All that alerts go by, as the file says, or as is usual: one rule of each cause, told where the server runs. */
export function policyOf({ alerts, timezone }: Pick<File, 'alerts' | 'timezone'>): Policy {
  const { quiet } = alerts ?? {};
  return {
    rules: alerts?.rules?.map(ruleOf) ?? CAUSES.map((on) => ({ ...USUAL, name: on, on, route: 'default', quiet: true })),
    routes: routesOf(alerts?.routes ?? {}),
    quiet: quiet ? { from: minuteOf(quiet.from), to: minuteOf(quiet.to), weekends: quiet.weekends, timezone } : null,
    resume: duration(alerts?.resume ?? '8h'),
    reopen: duration(alerts?.reopen ?? '24h'),
    recheck: { real: duration(alerts?.recheck.real ?? '36h'), other: duration(alerts?.recheck.other ?? '30d') },
  };
}

function ruleOf(entry: RuleEntry): Rule {
  const { on, name = on, severity = null, route, quiet } = entry;
  const [least, all] = 'share' in entry && entry.share !== undefined ? entry.share.split(' of ').map(Number) : [];
  return {
    ...USUAL,
    name,
    on,
    severity,
    route,
    quiet,
    ...('controls' in entry && entry.controls ? { controls: entry.controls } : {}),
    ...('checks' in entry && entry.checks ? { checks: entry.checks } : {}),
    ...('count' in entry ? { count: entry.count } : {}),
    ...(least === undefined || all === undefined ? {} : { share: least / all }),
    ...('after' in entry ? { after: duration(entry.after) } : {}),
    ...('within' in entry ? { within: duration(entry.within) } : {}),
  };
}

function routesOf(routes: Alerts['routes']): readonly Route[] {
  const named = Object.entries(routes).map(([name, steps]) => ({
    name,
    steps: steps.map(({ after, to }) => ({ after: after === '0m' ? 0 : duration(after), to })),
  }));
  return named.some(({ name }) => name === 'default') ? named : [TERMINAL, ...named];
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Networks that webhooks may reach. Throws `ConfigurationError` where one is none. */
export function networksOf({ alerts }: Pick<File, 'alerts'>): readonly string[] {
  const strange = alerts?.allow.find((network) => !isNetwork(network));
  if (strange !== undefined) throw new ConfigurationError(`tickmark.yaml: alerts.allow: ${strange} is no network. Write one like 10.1.0.0/16, or an address.`);
  return alerts?.allow ?? [];
}

/** Addresses of whom a channel reaches, where it is mail: lower case. */
export function peopleBehind({ alerts }: Pick<File, 'alerts'>, name: string): readonly string[] {
  const channel = alerts?.channels[name];
  return channel?.kind === 'email' ? channel.to.map((address) => address.toLowerCase()) : [];
}

/** What channels are opened with; a secret is looked up by the name of its channel too. */
export interface ChannelMeans extends Omit<Means, 'secret'> {
  readonly secret: (reference: string, field: string, channel: string) => string | Promise<string>;
}

/** Every channel by its name; the terminal is always there. */
export function channelsOf({ alerts }: Pick<File, 'alerts'>, { secret, ...means }: ChannelMeans): ReadonlyMap<string, Channel> {
  const open = (name: string, config: ChannelConfig): [string, Channel] => [
    name,
    openChannel(config, { ...means, secret: (reference, field) => secret(reference, field, name) }),
  ];
  const configured = Object.entries(alerts?.channels ?? {}).map(([name, config]) => open(name, config));
  return new Map([open('terminal', { kind: 'terminal' }), ...configured]);
}
