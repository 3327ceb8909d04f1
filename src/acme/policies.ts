import { days, hours, type Instant, iso } from '../core/instant.ts';
import { localDate } from '../core/calendar.ts';
import { POLICY_CAST } from './policy-stories.ts';
import { type Addition, type MadeStatement, SIGNERS, type StatedEntry } from './statements.ts';
import type { AcmeSource } from './watch-configuration.ts';
import type { Person, World } from './world.ts';

const EXPORT = 'exports/acceptances.csv';

/** When each version of a policy came into force, so many days before the last one. */
const VERSIONS = [
  { id: 'POL-1-1', policy: 'POL-1', title: 'Acceptable use', version: '1', day: 480, mustBeAccepted: true },
  { id: 'POL-1-2', policy: 'POL-1', title: 'Acceptable use', version: '2', day: 100, mustBeAccepted: true },
  { id: 'POL-2-1', policy: 'POL-2', title: 'Information security', version: '1', day: 420, mustBeAccepted: true },
  { id: 'POL-3-1', policy: 'POL-3', title: 'Access management', version: '1', day: 420, mustBeAccepted: false },
] as const;
type Version = (typeof VERSIONS)[number];

/** So many days before it is in force a version is in the register. */
const AHEAD = 3;

/** The versions, as the register of policies is told of them: those of before at once, when the tools of the office were connected. */
export function policyAdditions(world: World): readonly Addition[] {
  const connected = Math.floor((world.lastDay - world.connectedAt) / days(1)) - 1;
  const entryOf = ({ day, ...its }: Version): StatedEntry => ({
    ...its,
    effective: localDate(world.ago(day, 12), 'UTC'),
    location: `policies/${its.title.toLowerCase().replace(' ', '-')}.md`,
  });
  const [before, since] = [VERSIONS.filter(({ day }) => day > connected), VERSIONS.filter(({ day }) => day <= connected)];
  const add = (day: number, message: string, of: readonly Version[]): Addition => ({
    ...{ day, by: 7, merger: 0, message, register: 'policies', entries: of.map(entryOf) },
  });
  return [add(connected, 'The policies', before), ...since.map((its) => add(its.day + AHEAD, `${its.title}, version ${its.version}`, [its]))];
}

/** The portal of HR, where everybody signs in, exports who accepted what once a week. */
export const ACCEPTING: AcmeSource = {
  source: 'csv/dataset/acceptances',
  entry: `collector: csv/dataset, name: acceptances, every: 7d, config: ${JSON.stringify({
    ...{ dataset: 'policy.acceptances', path: EXPORT, from: '2020-01-01T00:00:00Z', attestedBy: 'W-002' },
    columns: {
      ...{ acceptanceId: 'Id', policyId: 'Policy', version: 'Version', workerId: 'Employee', acceptedAt: 'Accepted' },
      ...{ shownBy: { value: 'system' } },
    },
  })}`,
  nights: 7,
  since: 'connectedAt',
};

/** The export as it is made at the beginning of a day. */
export function acceptancesExport(world: World, at: Instant): Readonly<Record<string, string>> {
  if (at < world.connectedAt) return {};
  const made = Math.floor(at / days(1)) * days(1);
  const lines = acceptancesOf(world).flatMap(({ version: { policy, version }, by, at: acceptedAt }) =>
    acceptedAt > made ? [] : [[`${policy}-${version}-${by.id}`, policy, version, by.id, iso(acceptedAt)].join(',')],
  );
  return { [EXPORT]: `# generated ${iso(made)}\nId,Policy,Version,Employee,Accepted\n${lines.join('\n')}\n` };
}

interface Accepted {
  readonly version: Version;
  readonly by: Person;
  readonly at: Instant;
}

/** Everybody accepts what is in force when they join, and each version that comes while they are here, within days. */
function acceptancesOf(world: World): readonly Accepted[] {
  return VERSIONS.filter(({ mustBeAccepted }) => mustBeAccepted).flatMap((version) => {
    const { policy, day } = version;
    const [from, next] = [world.ago(day), VERSIONS.find((other) => other.policy === policy && other.day < day)];
    return world.people.flatMap((by, place): readonly Accepted[] => {
      const asked = Math.max(from, by.startAt);
      if (next && by.startAt >= world.ago(next.day)) return [];
      if (place === POLICY_CAST.owes && version.id === 'POL-1-2') return [];
      if (by.startAt < from && version.id === 'POL-1-2' && SIGNING.includes(place)) return [];
      const at = asked + days(place === POLICY_CAST.late.place ? POLICY_CAST.late.after : 1 + (place % 5)) + hours(9);
      return by.endAt !== null && by.endAt <= at ? [] : [{ version, by, at }];
    });
  });
}

/** Who accepts by a statement that they sign. */
const SIGNING: readonly number[] = SIGNERS.map(({ place }) => place);

export const signedAcceptances = (world: World): readonly MadeStatement[] =>
  SIGNERS.map(({ place, seed }, index) => ({
    ...{ at: world.ago(98, 8 + index), place, seed, register: 'policy-acceptances' },
    entry: { id: `PA-${index + 1}`, policy: 'POL-1', version: '2' },
  }));
