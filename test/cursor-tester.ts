import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perform } from '../src/app/run.ts';
import type { Collector } from '../src/collectors/collector.ts';
import type { Artifact } from '../src/collectors/source.ts';
import type { Instant } from '../src/core/instant.ts';
import { union } from '../src/core/interval.ts';
import type { Dataset } from '../src/datasets/dataset.ts';
import { Facts, streamId } from '../src/engine/facts.ts';
import type { Draft } from '../src/evidence/record.ts';
import { openSource } from '../src/sources/open.ts';
import type { Wire } from '../src/sources/wire.ts';

/** In CI, of a collector that asks more often than so, each request is tried in one of three polls; all of them with TICKMARK_FULL=1. */
const FULL = Boolean(process.env.TICKMARK_FULL);
const MANY = 40;

/** A made-up source whose events come to be while it is asked. */
export interface Unfolding {
  /** Answers as they are at an instant. */
  wireAt(at: Instant): Wire;
  /** Every event there is at an instant, by dataset: key and the time at which it happened. What has happened and cannot be told yet is among them. */
  truthAt(at: Instant): Readonly<Record<string, ReadonlyMap<string, Instant>>>;
}

export interface Scenario {
  readonly collector: Collector;
  readonly config: unknown;
  readonly partition: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Start of the observation period. */
  readonly since: Instant;
  /** When it is polled, in order. */
  readonly polls: readonly Instant[];
  /** Made anew for each history: it may remember what it was asked. */
  unfold(seed: number): Unfolding;
}

/** What goes wrong with one poll: the process dies at its nth request, or the source is down from then on. */
type Trouble = { readonly kind: 'killed' | 'down'; readonly request: number } | null;

/** The process died: nothing of the run is sealed. */
class Killed extends Error {}

/** Polls through all troubles, then once more in peace; says everything that was told, and every claim that was made. */
async function live({ collector, config, partition, credentials, since, polls, unfold }: Scenario, seed: number, troubles: readonly Trouble[]) {
  const world = unfold(seed);
  const facts = new Facts(collector.feeds);
  const wrong: string[] = [];
  let after: string | null = null;
  let record = 0;
  let asked = 0;
  for (const [place, at] of [...polls, polls.at(-1) ?? 0].entries()) {
    const trouble = place < polls.length ? (troubles[place] ?? null) : null;
    const wire = world.wireAt(at);
    let requests = 0;
    let dead = false;
    const troubled: Wire = async (request) => {
      asked++;
      if (trouble !== null && requests++ >= trouble.request) {
        dead ||= trouble.kind === 'killed';
        throw trouble.kind === 'killed' ? new Killed('killed') : new TypeError('fetch failed');
      }
      return wire(request);
    };
    for (let more = true, runs = 0; more; runs++) {
      if (runs > 500) throw new Error('a poll that does not come to an end');
      const order = { collector, name: 'tested', partition, config, endpoint: null, slot: at, every: 86_400_000, timezone: 'UTC', demo: false, since, after };
      const options = { config, partition, credentials, endpoint: null, root: '/', wire: troubled, clock: () => at, sleep: async () => undefined };
      const ran = await perform(
        order,
        async () => openSource(collector, options),
        () => at,
      );
      more = ran.more;
      if (dead || ran.draft.body.kind !== 'run') break;
      record++;
      const { outcome, mark, reason } = ran.draft.body;
      if (outcome !== 'success') {
        if (trouble === null) wrong.push(`in peace, the run was incomplete: ${reason}`);
        break;
      }
      if (mark === null) wrong.push('a complete run left no mark');
      const artifacts = artifactsOf(ran.draft);
      for (const { dataset, rows, polled } of collector.normalize(artifacts, { config, partition, at, after, since, timezone: 'UTC' })) {
        const its = dataset as Dataset;
        facts.add({
          dataset: its.id,
          source: `${collector.id}/tested`,
          partition,
          at: at + record, // no two runs begin at one instant: the later would count in place of the other
          complete: true,
          reason: null,
          rows,
          record,
          ...(polled ? { polled } : {}),
        });
      }
      after = mark;
      wrong.push(...unsound(collector, facts, world.truthAt(at), partition));
    }
  }
  const end = polls.at(-1) ?? 0;
  for (const dataset of collector.feeds.filter(({ happened }) => happened)) {
    const truth = world.truthAt(end)[dataset.id] ?? new Map();
    const told = [...facts.items({ dataset })].map((item) => item.split('/').slice(2).join('/'));
    for (const key of truth.keys()) if (!told.includes(key)) wrong.push(`${dataset.id}: ${key} was never told`);
    for (const key of told) if (!truth.has(key)) wrong.push(`${dataset.id}: ${key} never happened`);
    for (const item of facts.items({ dataset })) if (facts.of({ dataset }, item).length !== 1) wrong.push(`${dataset.id}: ${item} was told twice`);
    const looks = union(facts.looks(dataset, streamId(`${collector.id}/tested`, partition)));
    if (looks.length > 1) wrong.push(`${dataset.id}: there is a gap between polls`);
  }
  return { wrong, asked };
}

/** Whoever claims to have told all of a time must have told every event of it. */
function unsound(collector: Collector, facts: Facts, truth: Readonly<Record<string, ReadonlyMap<string, Instant>>>, partition: string): readonly string[] {
  return collector.feeds.flatMap((dataset) => {
    if (!dataset.happened) return [];
    const looks = facts.looks(dataset, streamId(`${collector.id}/tested`, partition));
    const told = new Set([...facts.items({ dataset })].map((item) => item.split('/').slice(2).join('/')));
    return [...(truth[dataset.id] ?? [])].flatMap(([key, happened]) =>
      looks.some(({ from, to }) => from <= happened && happened < to) && !told.has(key)
        ? [`${dataset.id}: ${key} lies in a time of which all is claimed to be told`]
        : [],
    );
  });
}

const artifactsOf = ({ subjects }: Draft): readonly Artifact[] => subjects.map(({ bytes, mediaType: _, ...rest }) => ({ ...rest, body: bytes }));

/** Holds a collector of events to its promise: whatever goes wrong, no event is lost and none is told twice. */
export function cursorTester(scenario: Scenario, { runs = 60, seed }: { readonly runs?: number; readonly seed?: number } = {}): void {
  describe(`${scenario.collector.id}, event by event`, () => {
    it('survives a kill at every request, and the source going down at every request', async () => {
      const { asked, wrong } = await live(scenario, 1, []);
      expect(wrong).toEqual([]);
      for (const kind of ['killed', 'down'] as const) {
        for (let request = 0; request < Math.min(asked, 200); request++) {
          for (const poll of scenario.polls.keys()) {
            const troubles = scenario.polls.map((_, place) => (place === poll ? { kind, request } : null));
            if (request >= Math.ceil(asked / scenario.polls.length) * 4 && poll > 0) continue; // later polls ask less
            if (!FULL && asked > MANY && (request + poll) % 3 !== (kind === 'killed' ? 0 : 1)) continue;
            const told = await live(scenario, 1, troubles);
            expect(told.wrong, `${kind} at request ${request} of poll ${poll}`).toEqual([]);
          }
        }
      }
    });

    it('loses no event and tells none twice, over random histories and outages', async () => {
      const trouble = fc.option(fc.record({ kind: fc.constantFrom('killed' as const, 'down' as const), request: fc.nat(25) }), { nil: null });
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), fc.array(trouble, { maxLength: scenario.polls.length }), async (world, troubles) => {
          expect((await live(scenario, world, troubles)).wrong).toEqual([]);
        }),
        { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
      );
    });
  });
}
