import type { z } from 'zod';
import { Alerts } from '../configuration/alerts.ts';
import { KEPT } from '../configuration/read.ts';
import { refusalOfHost, type Guarded } from './guarded-wire.ts';
import type { Wrong } from './source-entry.ts';

/** Under which secrets of channels are kept, beside those of sources. */
export const ALERT_SECRETS = 'alerts';

/** `alerts` of `tickmark.yaml`, as it is written. */
type Written = Readonly<Record<string, unknown>>;
type Channel = Readonly<Record<string, unknown>> & { readonly kind?: unknown };

/** Which field of a channel is a secret, and what whoever has no idea is told it is. */
const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  email: { password: 'the password of the user at the mail server' },
  slack: { url: 'the address of an incoming webhook' },
  teams: { url: 'the address of a workflow that posts cards' },
  pagerduty: { key: 'the integration key of a service, Events API v2' },
  webhook: { secret: 'what is sent is signed with it' },
};
/** Where a channel sends what it is given: whoever changes that types its secret in again. */
const PLACE: Readonly<Record<string, readonly string[]>> = { email: ['host', 'port', 'tls', 'user'], webhook: ['url'] };
/** What only whoever runs the server changes: networks that may be reached, where people reach Tickmark, whom reports are sent to. */
const OPERATORS = ['url', 'allow', 'reports'] as const;

/** What is alarmed about, as somebody fills it in: without secrets, but those that were typed. */
export interface FilledAlerts {
  readonly alerts: Written;
  /** By channel and field. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The same as it stands, to be changed: which secrets there are by their references, and never what they are. */
export interface AlertsForm extends FilledAlerts {
  readonly timezone: string;
}

/** What the file says of alerts, its secrets apart. */
export function alertsForm(written: Written, timezone: string): AlertsForm {
  const channels = channelsIn(written);
  const own = Object.entries(written).filter(([name]) => !OPERATORS.some((its) => its === name));
  return {
    timezone,
    alerts: { ...Object.fromEntries(own), channels: Object.fromEntries(channels.map(([name, channel]) => [name, without(channel, secretsOf(channel))])) },
    secrets: Object.fromEntries(
      channels.map(([name, channel]) => [
        name,
        Object.fromEntries(secretsOf(channel).flatMap((field) => (channel[field] === undefined ? [] : [[field, String(channel[field])]]))),
      ]),
    ),
  };
}

/** What is to be written, and which secrets are to be kept for each channel; or what is wrong, by the path of its field. */
export async function checkedAlerts(
  { alerts, secrets }: FilledAlerts,
  was: Written,
  guarded: Guarded,
): Promise<{ readonly alerts: Written; readonly kept: readonly string[] } | { readonly wrong: readonly Wrong[] }> {
  const strange = OPERATORS.filter((name) => name in alerts);
  if (strange.length > 0) return { wrong: strange.map((name) => ({ name, says: 'whoever runs the server changes it, in tickmark.yaml' })) };
  const before = Object.fromEntries(channelsIn(was));
  const wrong: Wrong[] = [];
  const channels: [string, Channel][] = [];
  for (const [name, channel] of channelsIn(alerts)) {
    const its = referred(name, channel, before[name], secrets[name] ?? {});
    wrong.push(...its.wrong);
    channels.push([name, its.channel]);
  }
  for (const name of Object.keys(secrets))
    if (!channels.some(([its]) => its === name)) wrong.push({ name: `channels.${name}`, says: 'there is no such channel' });
  const written = {
    ...Object.fromEntries(OPERATORS.flatMap((name) => (was[name] === undefined ? [] : [[name, was[name]]]))),
    ...alerts,
    channels: Object.fromEntries(channels),
  };
  const read = Alerts.safeParse(written);
  if (!read.success) for (const its of read.error.issues.map(wrongOf)) if (!wrong.some(({ name }) => name === its.name)) wrong.push(its);
  if (wrong.length > 0) return { wrong };
  for (const [name, channel] of channels) {
    if (samePlace(channel, before[name])) continue;
    const host = hostOf(channel);
    const says = host === null ? null : await refusalOfHost(host, guarded);
    if (says !== null) wrong.push({ name: `channels.${name}.${channel.kind === 'email' ? 'host' : 'url'}`, says });
  }
  if (wrong.length > 0) return { wrong };
  return {
    alerts: written,
    kept: channels.flatMap(([name, channel]) => secretsOf(channel).flatMap((field) => (channel[field] === KEPT ? [`${name}/${field}`] : []))),
  };
}

/** A channel with references in place of its secrets: what was typed is kept by Tickmark, what stood there stays. */
function referred(
  name: string,
  given: Channel,
  was: Channel | undefined,
  typed: Readonly<Record<string, string>>,
): { readonly channel: Channel; readonly wrong: readonly Wrong[] } {
  const wrong: Wrong[] = [];
  const says = (field: string, what: string) => void wrong.push({ name: `channels.${name}.${field}`, says: what });
  const needed = SECRETS[String(given.kind)] ?? {};
  const fields: [string, string][] = [];
  // By a reference somebody could have a secret of the machine sent to an address of their own.
  if (given.kind === 'webhook' && given.url !== was?.url && !/^https?:\/\//.test(String(given.url)))
    says('url', 'expected an address that begins with https://');
  for (const field of Object.keys(typed)) if (!(field in needed)) says(field, 'the channel needs no such secret');
  for (const [field, what] of Object.entries(needed)) {
    const value = typed[field] ?? '';
    const there = was?.kind === given.kind ? was?.[field] : undefined;
    if (field in given) says(field, 'it is a secret: it is typed in apart from the rest');
    else if (value !== '') {
      if (/[\r\n\0]/.test(value)) says(field, 'expected one line');
      else if (field === 'url' && !/^https:\/\/\S+$/.test(value)) says(field, 'expected an address that begins with https://');
      fields.push([field, KEPT]);
    } else if (field === 'password' && given.user === undefined) continue;
    else if (there === undefined) says(field, `it is needed: ${what}`);
    else if (!samePlace(given, was)) says(field, 'type it in again: it is now to be sent to another place than before');
    else fields.push([field, String(there)]);
  }
  return { channel: { ...given, ...Object.fromEntries(fields) }, wrong };
}

/** What is usual where a channel does not say. */
const USUAL: Readonly<Record<string, unknown>> = { port: 587, tls: 'starttls' };

const samePlace = (channel: Channel, was: Channel | undefined): boolean =>
  was !== undefined &&
  channel.kind === was.kind &&
  (PLACE[String(channel.kind)] ?? []).every((field) => (channel[field] ?? USUAL[field]) === (was[field] ?? USUAL[field]));

/** Which host is asked; `null` where the secret says it, or the kind: those are looked at when something is sent. */
function hostOf({ kind, host, url }: Channel): string | null {
  if (kind === 'email') return String(host);
  return kind === 'webhook' && URL.canParse(String(url)) ? new URL(String(url)).hostname : null;
}

/** An address of a webhook that is no reference is none: it is shown. */
const secretsOf = (channel: Channel): readonly string[] => Object.keys(SECRETS[String(channel.kind)] ?? {});

const channelsIn = ({ channels }: Written): readonly (readonly [string, Channel])[] =>
  typeof channels === 'object' && channels !== null ? Object.entries(channels as Readonly<Record<string, Channel>>) : [];

const without = (channel: Channel, fields: readonly string[]): Channel =>
  Object.fromEntries(Object.entries(channel).filter(([name]) => !fields.includes(name)));

function wrongOf(issue: z.core.$ZodIssue): Wrong {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return { name: [...path, issue.keys[0] ?? ''].join('.'), says: 'there is no such setting' };
  return { name: path.join('.'), says: issue.message.replace(/^Invalid input: /, '') };
}
