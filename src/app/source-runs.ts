import { fedBy } from '../collectors/collector.ts';
import type { Configuration, Source } from '../configuration/read.ts';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { streamId } from '../engine/facts.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Run } from '../evidence/record.ts';
import type { Ground } from './grounds.ts';
import type { LeastPrivilege } from './permissions.ts';
import { leastPrivilege } from './permissions.ts';

/** A source as it is configured. */
export interface SourceAbout extends Omit<LeastPrivilege, 'credentials'> {
  readonly collector: string;
  readonly name: string;
  readonly title: string;
  readonly every: string;
  readonly retention: string;
  readonly partitions: readonly string[];
  /** Datasets that it tells of. */
  readonly feeds: readonly string[];
  /** Since when nothing is expected of it any more; `null`: it is asked. */
  readonly retired: string | null;
}

/** What one question of a run brought: whether it was asked to its end, and what came of what the source itself counts. */
export interface Asked {
  readonly name: string;
  readonly request: string;
  readonly pages: number;
  readonly ended: boolean;
  readonly received: number | null;
  /** By the source's own word; `null` where it gives none. */
  readonly total: number | null;
}

/** One run of one partition: who was asked, as whom, and whether all of it came. */
export interface RunLine {
  readonly record: number;
  readonly partition: string;
  readonly outcome: Run['outcome'];
  readonly reason: string | null;
  readonly slot: Instant;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly endpoint: string | null;
  readonly askedAs: string | null;
  readonly answeredBy: string | null;
  readonly granted: readonly string[] | null;
  readonly questions: readonly Asked[];
}

export interface SourceRuns {
  sourcesAbout(): readonly SourceAbout[];
  /** The newest first, older than `before`, sealed from `since` on and before `until`. Throws `ConfigurationError` where no such source is configured. */
  runsOf(query: {
    readonly collector: string;
    readonly name: string;
    readonly before: number | null;
    readonly limit: number;
    readonly since?: Instant;
    readonly until?: Instant;
  }): Promise<readonly RunLine[]>;
}

export function sourceRuns({
  archive,
  configuration,
  grounds,
}: {
  readonly archive: Archive;
  readonly configuration: Configuration;
  grounds(): Promise<Ground>;
}): SourceRuns {
  return {
    sourcesAbout: () => configuration.sources.map(aboutSource),

    async runsOf({ collector, name, before, limit, since = -Infinity, until = Infinity }) {
      const source = configuration.sources.find((its) => its.collector.id === collector && its.name === name);
      if (!source) {
        const there = configuration.sources.map((its) => `${its.collector.id}/${its.name}`).join(', ') || 'none';
        throw new ConfigurationError(`no source ${collector}/${name} is configured. There are: ${there}.`);
      }
      const { facts } = (await grounds()).engine;
      const records = new Set<number>();
      for (const partition of source.collector.partitions(source.config))
        for (const dataset of source.collector.feeds)
          if (facts.reads(dataset.id))
            for (const { record, at } of facts.everyLook(dataset, streamId(`${collector}/${name}`, partition)))
              if ((before === null || record < before) && at < until) records.add(record);
      const lines: RunLine[] = [];
      for (const index of [...records].sort((a, b) => b - a)) {
        if (lines.length === limit) break;
        const { body, sealedAt } = await archive.record(index);
        if (sealedAt < since) break;
        if (body.kind === 'run' && sealedAt < until) lines.push(runLine(index, body));
      }
      return lines;
    },
  };
}

function aboutSource({ collector, name, config, every, retention, retired }: Source): SourceAbout {
  const { policy, rights, cannotTell } = leastPrivilege(collector.id);
  return {
    collector: collector.id,
    name,
    title: collector.title,
    every,
    retention,
    partitions: collector.partitions(config),
    feeds: fedBy(collector, config).map(({ id }) => id),
    retired,
    policy,
    rights,
    cannotTell,
  };
}

function runLine(record: number, { partition, outcome, reason, slot, startedAt, finishedAt, endpoint, askedAs, answeredBy, granted, questions }: Run): RunLine {
  return {
    record,
    partition,
    outcome,
    reason,
    slot,
    startedAt,
    finishedAt,
    endpoint,
    askedAs,
    answeredBy,
    granted,
    questions: questions.map(({ name, request, pages, ended, received, total }) => ({
      name,
      request: `${request.method} ${request.url}`,
      pages,
      ended,
      received,
      total,
    })),
  };
}
