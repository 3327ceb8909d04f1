import { parse } from 'yaml';
import { kindOf } from '../attestations/index.ts';
import { type Collector, fedBy } from '../collectors/collector.ts';
import { startOfDay } from '../core/calendar.ts';
import { duration, type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { ternary } from '../core/ternary.ts';
import { alertEvents } from '../datasets/alert/events.ts';
import { type System, systems } from '../datasets/asset/systems.ts';
import { checkParameters } from '../datasets/config/parameters.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { type Alias, aliases } from '../datasets/people/aliases.ts';
import { type Declaration, declarations } from '../datasets/people/declarations.ts';
import { File } from './schema.ts';

/** The source that the configuration itself is. */
export const CONFIGURATION = { source: 'configuration/tickmark.yaml', partition: 'workspace' } as const;
export const CONFIGURED: readonly Dataset[] = [systems, declarations, aliases, checkParameters] as unknown as readonly Dataset[];

/** The sealed file as it was, which says what is declared and what is expected. */
export const sealedFile = (text: string): File => File.parse(parse(text));

/** What the company declares, as rows. Pure: the sealed bytes are all it reads. */
export function normalizeConfiguration({ scope, people }: File): readonly { readonly dataset: string; readonly rows: readonly Row[] }[] {
  const declared = (
    list: readonly { readonly system: string; readonly account: string; readonly owner: string; readonly purpose: string }[],
    meaning: Declaration['meaning'],
  ): Declaration[] =>
    list.map(({ system, account, owner, purpose }) => ({ systemId: system, account: account.toLowerCase(), meaning, workerId: owner, purpose }));
  return [
    {
      dataset: systems.id,
      rows: scope.systems.map(systemOf),
    },
    {
      dataset: declarations.id,
      rows: [
        ...people.accounts.map(
          ({ system, account, person }): Declaration => ({
            systemId: system,
            account: account.toLowerCase(),
            meaning: 'person',
            workerId: person,
            purpose: null,
          }),
        ),
        ...declared(people.services, 'service'),
        ...declared(people.external, 'external'),
        ...declared(people.shared, 'shared'),
      ],
    },
    {
      dataset: aliases.id,
      rows: people.aliases.map(({ worker, emails }): Alias => ({ workerId: worker, emails: emails.map((email) => email.toLowerCase()) })),
    },
  ];
}

function systemOf({ id, name, critical, identityProvider, ...its }: File['scope']['systems'][number]): System {
  return {
    systemId: id,
    name,
    critical,
    identityProvider,
    environment: its.environment ?? 'unknown',
    ownerId: its.owner ?? null,
    ssoRequired: ternary(its.ssoRequired),
    ssoEnforced: ternary(its.ssoEnforced),
    accessReviewed: ternary(its.accessReviewed),
    deployed: ternary(its.deployed),
    provisioning: its.provisioning ?? 'unknown',
    dataClasses: its.dataClasses,
  };
}

/** The part of a kind of statement under which the configuration says that statements tell all there is of it. */
export const WHOLE = 'workspace';

/** The source that acts on Tickmark's own alerts are. */
export const OWN_ALERTS = 'attestations/alerts';

/** Kinds that people tell by statements, as sources: since the configuration says so, or, of what happens, since the observation period began. */
export function attestedKinds({
  attested,
  alerts,
  period,
  timezone,
}: File): readonly { readonly source: string; readonly partition: string; readonly dataset: string; readonly polled?: Period }[] {
  const kinds = attested.flatMap((id) => {
    const dataset = kindOf(id)?.dataset;
    return dataset ? [{ source: `attestations/${id}`, dataset }] : [];
  });
  // What Tickmark does about its own alerts stands in the log as well, act by act.
  return [...kinds, ...(alerts ? [{ source: OWN_ALERTS, dataset: alertEvents }] : [])].map(({ source, dataset }) => ({
    source,
    partition: WHOLE,
    dataset: dataset.id,
    ...(dataset.happened ? { polled: { from: startOfDay(period.from, timezone), to: NEVER } } : {}),
  }));
}

/** What is expected of a source: it must tell of these datasets, for these partitions, in this time. */
export interface Expectation extends Period {
  readonly dataset: string;
  readonly source: string;
  readonly partition: string;
}

/**
 * What is expected, from all configurations that were ever sealed. A source is expected from the first file that names
 * it; it ceases only where a file says that it is retired, never by disappearing.
 */
export function expectations(history: readonly { readonly at: Instant; readonly file: File }[], collectors: readonly Collector[]): readonly Expectation[] {
  const expected = new Map<string, Expectation>();
  const [first] = history;
  if (first) for (const { id } of CONFIGURED) expected.set(`${id} configuration`, { dataset: id, ...CONFIGURATION, from: first.at, to: NEVER });
  for (const { at, file } of history) {
    for (const { source, partition, dataset } of attestedKinds(file)) {
      const key = `${dataset} ${source}`;
      if (!expected.has(key)) expected.set(key, { dataset, source, partition, from: at, to: NEVER });
    }
    for (const { collector: id, name, config, retired } of file.sources) {
      const collector = collectors.find((known) => known.id === id);
      const { endpoint: _, ...its } = config;
      const read = collector?.config.safeParse(its);
      if (!collector || !read?.success) continue;
      for (const partition of collector.partitions(read.data)) {
        for (const dataset of fedBy(collector, read.data)) {
          const key = `${dataset.id} ${id}/${name} ${partition}`;
          const to = retired ? startOfDay(retired.at, file.timezone) : NEVER;
          const known = expected.get(key);
          expected.set(key, { dataset: dataset.id, source: `${id}/${name}`, partition, from: known?.from ?? at, to: Math.max(to, known?.from ?? at) });
        }
      }
    }
  }
  return [...expected.values()].filter(({ from, to }) => from < to);
}

/** When a source was to be asked: for so long, from each instant on at this distance. */
export interface SourceSchedule extends Period {
  readonly source: string;
  readonly partition: string;
  readonly datasets: readonly string[];
  readonly steps: readonly { readonly from: Instant; readonly every: number }[];
}

/** How often each source was to be asked, from all configurations that were ever sealed: for as long as it is expected. */
export function schedules(history: readonly { readonly at: Instant; readonly file: File }[], collectors: readonly Collector[]): readonly SourceSchedule[] {
  const told = new Map<string, SourceSchedule>();
  for (const { dataset, source, partition, from, to } of expectations(history, collectors)) {
    const key = `${source} ${partition}`;
    const known = told.get(key);
    if (known) told.set(key, { ...known, datasets: [...known.datasets, dataset], from: Math.min(known.from, from), to: Math.max(known.to, to) });
    else if (source !== CONFIGURATION.source && !source.startsWith('attestations/'))
      told.set(key, { source, partition, datasets: [dataset], from, to, steps: stepsOf(history, collectors, source, from) });
  }
  return [...told.values()];
}

function stepsOf(history: readonly { readonly at: Instant; readonly file: File }[], collectors: readonly Collector[], source: string, from: Instant) {
  const steps: { from: Instant; every: number }[] = [];
  for (const { at, file } of history) {
    const entry = file.sources.find(({ collector, name }) => `${collector}/${name}` === source);
    const usual = collectors.find(({ id }) => id === entry?.collector)?.every;
    if (!entry || usual === undefined || at < from) continue;
    const every = duration(entry.every ?? usual);
    if (steps.at(-1)?.every !== every) steps.push({ from: at, every });
  }
  return steps;
}
