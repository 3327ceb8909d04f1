import { kinds } from '../attestations/index.ts';
import type { Check } from '../checks/check.ts';
import { type Collector, fedBy } from '../collectors/collector.ts';
import { collectors } from '../collectors/index.ts';
import type { Source } from '../configuration/read.ts';
import { alertEvents } from '../datasets/alert/events.ts';
import { bases } from '../engine/derive.ts';
import type { SealedRecord } from '../evidence/record.ts';
import { ALERTS } from '../verify/format.ts';
import type { Ground } from './grounds.ts';

/** Who tells of what some controls are examined by. */
export interface Feeding {
  readonly datasets: ReadonlySet<string>;
  /** Kinds of statements: `access-requests`. */
  readonly registers: ReadonlySet<string>;
  /** Ids of sources, configured now or once: `github/members/main`. */
  readonly sources: ReadonlySet<string>;
  /** Whether a run tells of them: by what it was configured to tell of, and not by all that its collector can. */
  tells(record: Pick<SealedRecord, 'body'>): boolean;
}

type On = Pick<Ground, 'engine'>;

/** @param checks those by which the controls are examined */
export function feedingOf(checks: readonly Check[], configured: readonly Source[], { engine: { facts } }: On): Feeding {
  const read = checks.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)]);
  const told = new Set(read.flatMap(({ dataset }) => [dataset.id, ...bases(dataset)]));
  const tellsOf = (collector: Collector, config: unknown) => fedBy(collector, config).some(({ id }) => told.has(id));
  const sources = new Set<string>();
  for (const { collector, name, config } of configured) if (tellsOf(collector, config)) sources.add(`${collector.id}/${name}`);
  for (const { source, stream, dataset } of streams()) {
    const collector = collectors.find(({ id }) => source.startsWith(`${id}/`));
    // What a source was told to tell of can have changed, and a run that failed is a gap in all that its collector can tell of.
    if (collector && (!collector.feedsOf || [...facts.everyLook({ id: dataset }, stream)].some(({ complete }) => complete))) sources.add(source);
  }
  return {
    datasets: told,
    registers: new Set(kinds.filter(({ dataset }) => dataset && told.has(dataset.id)).map(({ id }) => id)),
    sources,
    tells({ body }) {
      if (body.kind !== 'run') return false;
      const collector = collectors.find(({ id }) => id === body.collector.id);
      if (!collector) return false;
      const config: unknown = JSON.parse(body.config);
      // Of a run whose evidence was disposed of nobody knows any more how it was configured.
      return collector.feedsOf && config === null ? sources.has(`${collector.id}/${body.name}`) : tellsOf(collector, config);
    },
  };

  /** Whatever was told of one of them, by whom. */
  function* streams(): Iterable<{ readonly dataset: string; readonly stream: string; readonly source: string }> {
    for (const dataset of told)
      if (facts.reads(dataset))
        for (const stream of facts.streams({ id: dataset })) yield { dataset, stream, source: decodeURIComponent(stream.split('/')[0] ?? '') };
  }
}

/** The same as a bundle names them. */
export const telling = ({ sources, registers, datasets }: Feeding): readonly string[] =>
  [...sources, ...registers, ...(datasets.has(alertEvents.id) ? [ALERTS] : [])].sort();
