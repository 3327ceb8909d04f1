import { outcomesCsv, type PopulationTable, type PopulationView, type Sample, sampleCommand } from '../../../app/period.ts';
import { attempt, LIMITS } from '../../../auth/attempts.ts';
import { iso } from '../../../core/instant.ts';
import { given, thenGiven } from '../asked.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { boundsOf } from '../bounds.ts';
import { controls as contract } from '../contract/controls.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { streamReply } from '../files.ts';
import { either } from '../pages.ts';
import { notFound, problem } from '../problem.ts';
import { spelled } from '../spelled.ts';
import { stampOf } from './posture.ts';

const endpoints = implementing(contract);

export const controlRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ input: { asOf, asKnownAt }, context: { reads } }) => {
    const posture = await reads.posture(asOf, thenGiven(asKnownAt).then);
    return { ...stampOf(posture), controls: spelled(posture.controls) };
  }),

  read: endpoints.read.handler(async ({ input: { id, asOf, asKnownAt }, context: { reads } }) => {
    const posture = await reads.posture(asOf, thenGiven(asKnownAt).then);
    const control = posture.controls.find((it) => it.id === id);
    if (!control) throw missing(id);
    const period = { from: posture.period.from, to: Math.max(posture.period.from + 1, Math.min(posture.period.to, posture.asOf + 1)) };
    const occurrences = await reads.occurrences({ period, controls: [id], asOf: posture.asOf });
    return {
      ...stampOf(posture),
      control: { ...spelled(control), policy: control.policy ?? null },
      checks: posture.checks.filter((check) => control.checks.includes(check.id)),
      occurrences: spelled(occurrences.filter(({ state }) => state !== 'met')),
    };
  }),

  period: endpoints.period.handler(async ({ input: { id, asKnownAt, ...query }, context: { reads } }) => {
    await known(reads, id);
    const { controls, until, configurations, populations, applied, changes, unrecorded, ...rest } = await reads.period({
      ...given(query),
      ...thenGiven(asKnownAt),
      controls: [id],
    });
    const [control] = controls;
    if (!control) throw missing(id);
    const whole = { ...control, checks: control.checks.map((check) => ({ ...check, deviations: [...check.deviations] })) };
    return { ...stampOf(rest), ...spelled({ until, control: whole, populations, configurations, applied, changes, unrecorded }) };
  }),

  population: endpoints.population.handler(async ({ input, context: { reads } }) => {
    const { limit, cursor, skip, ...asked } = input;
    either(cursor, skip);
    const place = placeOf(asked, cursor);
    const { table, stamp } = await tableOf(reads, { ...asked, asOf: place?.asOf ?? asked.asOf });
    const { list, ...about } = table;
    const first = place ? list.behind(String(place.after[0])) : (skip ?? 0);
    const items = list.window(first, limit);
    const last = items.at(-1);
    const next = last && first + limit < list.count ? cursorOf(asked, { after: [last.key], asOf: about.asOf }) : null;
    return { ...stamp, population: spelled(about), count: list.count, items: spelled(items), next };
  }),

  populationFile: endpoints.populationFile.handler(async ({ input, context }) => {
    const { table } = await tableOf(context.reads, input);
    context.reply = streamReply(`${table.control}.${table.check}.csv`, 'text/csv; charset=utf-8', outcomesCsv(table.list));
  }),

  sample: endpoints.sample.handler(async ({ input: { id, check, size, seed, ...query }, context }) => {
    const { id: who, bounds } = principalOf(context);
    const refused = bounds && (await attempt(context.services.signIn, 'draw', who));
    if (refused) throw problem('too-many', `Within your bounds you draw at most ${LIMITS.draw.max} samples an hour: the next after ${iso(refused.until)}.`);
    const { population: of } = await populationOf(context.reads, { id, check, ...query });
    const { record, population, items } = await context.services.workspace.sample({
      control: id,
      check: of.check,
      period: of.period,
      asOf: of.asOf,
      size,
      seed,
    });
    return sampled({ record, population, seed, size, items });
  }),

  drawn: endpoints.drawn.handler(async ({ input: { id, record }, context }) => {
    const { reads, services } = context;
    await known(reads, id);
    const { size: length } = await services.workspace.checkpoint();
    if (record >= length) throw notFound(`record ${record}`, `in the log: it holds ${length}, numbered from 0`);
    const { body } = await reads.sealed(record);
    if (body.kind !== 'draw' || body.control !== id) throw notFound(`sample ${record}`, `among those drawn of ${id}`);
    const { principal } = context;
    if (principal?.bounds) boundsOf(principal.bounds).whole(body.period);
    if (body.seed === null) throw notFound(`the seed of sample ${record}`, 'any more: it was disposed of');
    const again = await services.workspace.drawnAgain(record, { ...body, seed: body.seed }, { record: record - 1 });
    return { ...sampled(again), same: again.same };
  }),
});

function sampled({ record, population, seed, size, items }: Sample & { readonly size: number }) {
  const { items: _, keys: __, pick: ___, ...about } = population;
  const file = `populations/${population.control}.${population.check}.txt`;
  return { record, population: spelled(about), seed, size, items: spelled(items), again: sampleCommand(file, seed, size) };
}

const missing = (id: string) => notFound(`control ${id}`, 'in the catalogue, among those you may see');

async function known(reads: Asking['reads'], id: string) {
  const posture = await reads.posture();
  const control = posture.controls.find((it) => it.id === id);
  if (!control) throw missing(id);
  return { posture, control };
}

interface Of {
  readonly id: string;
  readonly check?: string | undefined;
  readonly period?: { readonly from: number; readonly to: number } | undefined;
  readonly asOf?: number | undefined;
  readonly asKnownAt?: number | undefined;
}

/** The check whose population is asked for. Which of several has to be said: each answers another question. */
async function checkOf(reads: Asking['reads'], { id, check }: Of) {
  const { posture, control } = await known(reads, id);
  if (check !== undefined && !control.checks.includes(check)) throw notFound(`check ${check}`, `of ${id}. It has: ${control.checks.join(', ') || 'none'}`);
  const its = check ?? (control.checks.length === 1 ? control.checks[0] : undefined);
  if (its === undefined)
    throw problem('invalid-request', `${id} has ${control.checks.length} checks, each with a population of its own.`, [
      { name: 'check', says: `expected one of ${control.checks.join(', ') || 'none: nothing examines it'}` },
    ]);
  return { posture, query: { control: id, check: its } };
}

async function populationOf(
  reads: Asking['reads'],
  { period, asOf, asKnownAt, ...of }: Of,
): Promise<{ readonly population: PopulationView; readonly stamp: ReturnType<typeof stampOf> }> {
  const { posture, query } = await checkOf(reads, of);
  const [population] = await reads.populations({ ...query, ...given({ period, asOf }), ...thenGiven(asKnownAt) });
  if (!population) throw notFound(`population of ${query.check}`, 'in this period');
  return { population, stamp: stampOf({ ...posture, asOf: population.asOf, period: population.period, checkpoint: population.checkpoint }) };
}

async function tableOf(
  reads: Asking['reads'],
  { period, asOf, asKnownAt, outcome, text, ...of }: Of & { readonly outcome?: Outcome | undefined; readonly text?: string | undefined },
): Promise<{ readonly table: PopulationTable; readonly stamp: ReturnType<typeof stampOf> }> {
  const { posture, query } = await checkOf(reads, of);
  const table = await reads.populationTable({ ...query, ...given({ period, asOf, outcome, text }), ...thenGiven(asKnownAt) });
  return { table, stamp: stampOf({ ...posture, asOf: table.asOf, period: table.period, checkpoint: table.checkpoint }) };
}

type Outcome = 'deviates' | 'unknown' | 'waived' | 'conforms';
