import type { Check } from '../checks/check.ts';
import { type Instant, iso, NEVER } from '../core/instant.ts';
import { holds, intersect, type Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { approvalOf, namesOf, peopleOf } from './approval.ts';
import type { Waiver } from './assess.ts';
import { caseId } from './case-id.ts';
import type { Coverage } from './coverage.ts';
import type { Engine } from './engine.ts';
import type { Fact } from './facts.ts';
import { type Named, nameInWords, named } from './naming.ts';

/** The register whose entries accept deviations. */
export const WAIVERS = 'waivers';

export const WAIVER_STATES = ['in force', 'not approved', 'refused', 'ambiguous', 'matches nothing', 'expired', 'withdrawn'] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/** A waiver as the register has it, and whether it counts. */
export interface WaiverLine {
  readonly id: string;
  readonly title: string;
  readonly state: WaiverState;
  /** Why it does not count, or since when; one clause. */
  readonly says: string;
  /** As the entry says them; empty where it does not. */
  readonly check: string;
  readonly item: string;
  readonly reason: string;
  /** Worker id of who answers for it. */
  readonly owner: string | null;
  /** Names of who approved it. */
  readonly by: string;
  readonly until: Instant | null;
  /** `registers/waivers.yaml:12`. */
  readonly place: string;
  readonly records: readonly number[];
  /** The finding that it is about; `null` where it names no item, or several. */
  readonly finding: string | null;
  /** Who asked for it: an address, or the author of the commit; and when. */
  readonly askedBy: string | null;
  readonly askedAt: Instant | null;
  /** The newest record of it, where it is a statement. */
  readonly statement: number | null;
}

/** An entry as it stood for some time. */
interface Version {
  readonly fact: Fact;
  readonly entry: RegisterEntry;
  /** What it waives; or why it waives nothing, and in which word. */
  readonly read: Read | { readonly state: WaiverState; readonly says: string /** The finding that it asks to accept. */; readonly about?: string };
}

interface Read {
  readonly check: Check;
  readonly item: string;
  readonly because: string;
  readonly by: string;
  readonly until: Instant;
}

/** What waivers follow from. */
interface Ground {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly checks: readonly Check[];
}

const entries = registerEntries as unknown as Dataset;

/** Every version of every entry of a register, in time, entry by entry. */
export function versionsOf(engine: Engine, register: string): readonly { readonly fact: Fact; readonly entry: RegisterEntry }[] {
  return [...engine.facts.having({ dataset: entries }, 'register', register)]
    .sort()
    .flatMap((item) => engine.facts.of({ dataset: entries }, item).map((fact) => ({ fact, entry: fact.row as unknown as RegisterEntry })));
}

/** From when to when the register is known to say so: where nobody has looked for long, what it accepted then is accepted no more. */
export const standsFor = (coverage: Coverage, fact: Fact): readonly Period[] => intersect([fact], coverage.stream(entries, fact.stream));

/** The waivers that count, each from when its approved entry was learned to its end, or to when the entry went or changed. */
export function waiversOf(ground: Ground): readonly Waiver[] {
  const waivers: Waiver[] = [];
  for (const { fact, entry, read } of everyVersion(ground)) {
    if (!('item' in read)) continue;
    for (const part of intersect(standsFor(ground.coverage, fact), [{ from: -Infinity, to: read.until }])) {
      const { check, item, because, by, until } = read;
      const waiver = { ...part, id: entry.entryId, check: check.id, item, because, by, until, records: fact.records };
      const last = waivers.at(-1);
      // Lines above it moved, and nothing of what it says: it is one and the same.
      if (last && last.to === waiver.from && says(last) === says(waiver)) waivers[waivers.length - 1] = { ...last, to: waiver.to };
      else waivers.push(waiver);
    }
  }
  return waivers;
}

const says = ({ id, check, item, because, by, until }: Waiver): string => JSON.stringify([id, check, item, because, by, until]);

/** Every waiver that the register ever held up to an instant, as it stands then. */
export function waiverLines(ground: Ground, now: Instant): readonly WaiverLine[] {
  const last = new Map<string, Version>();
  for (const version of everyVersion(ground)) if (version.fact.from <= now) last.set(version.fact.item, version);
  return [...last.values()].map(({ fact, entry, read }): WaiverLine => {
    const { check, item, reason } = wordsOf(entry);
    const by = 'item' in read ? read.by : '';
    const { state, says: why } = stateOf(fact, read, standsFor(ground.coverage, fact), now);
    return {
      id: entry.entryId,
      title: entry.title,
      state,
      says: why,
      check: text(check),
      item: nameOfItem(item) === null ? '' : nameInWords(nameOfItem(item) ?? ''),
      reason: text(reason),
      owner: entry.ownerId,
      by,
      until: entry.until,
      place: `${entry.file}:${entry.line}`,
      records: fact.records,
      finding: 'item' in read ? caseId(read.check.id, read.item) : (read.about ?? null),
      askedBy: entry.authorEmail ?? entry.author,
      askedAt: entry.committedAt,
      statement: entry.statement,
    };
  });
}

function stateOf(fact: Fact, read: Version['read'], stands: readonly Period[], now: Instant): { readonly state: WaiverState; readonly says: string } {
  if (fact.to <= now) return { state: 'withdrawn', says: `it went from the register by ${iso(fact.to)}` };
  if (!('item' in read)) return read;
  if (read.until <= now) return { state: 'expired', says: `it ended on ${iso(read.until)}` };
  if (!stands.some((part) => holds(part, now))) return { state: 'expired', says: 'nobody has read the register for long: it is not known whether it stands' };
  return { state: 'in force', says: `waived by ${read.by} until ${iso(read.until)}, still a deviation` };
}

function everyVersion(ground: Ground): readonly Version[] {
  return versionsOf(ground.engine, WAIVERS).map(({ fact, entry }) => ({ fact, entry, read: readWaiver(ground, fact, entry) }));
}

/** What an entry waives. Whatever is wrong with it is said with its file and line, and what to do. */
function readWaiver({ engine, checks }: Ground, fact: Fact, entry: RegisterEntry): Version['read'] {
  const refused = (problem: string) => ({ state: 'refused' as const, says: `${entry.file}:${entry.line}: ${problem}` });
  const words = wordsOf(entry);
  const name = nameOfItem(words.item);
  if (text(words.check) === '') return refused('it names no check. Write "check:" and the id of the check that it is about');
  if (name === null) return refused('it names no item. Write "item:" as the pages show it, or a source and a key: { source: okta/users/main, key: 00u1 }');
  if (text(words.reason) === '') return refused('it gives no reason. Write "reason:" and why the deviation is accepted');
  if (entry.until === null)
    return refused('it names no end, and no deviation is accepted for ever. Write "until: 2027-03-31", the last day on which it counts');
  const check = checks.find(({ id }) => id === text(words.check));
  if (!check) return refused(`no check is called ${text(words.check)}`);
  const found = named(engine, check, name, { from: fact.from, to: Math.min(fact.to, entry.until) });
  const [item] = found;
  const what = nameInWords(name);
  if (item === undefined) return { state: 'matches nothing', says: `${check.id} examines no item called ${what} in the time of the waiver` };
  if (found.length > 1)
    return { state: 'ambiguous', says: `${found.length} items of ${check.id} are called ${what}: name it by source and key, and partition if need be` };
  const { by, why } = approvalOf(engine.facts, entry, fact.from, peopleOf(engine.facts, check, item));
  if (why !== null) return { state: 'not approved', says: why, about: caseId(check.id, item) };
  return { check, item, because: text(words.reason), by: namesOf(engine.facts, by), until: entry.until };
}

/** Worker ids of whom the item of a waiver belongs to: they do not approve it. */
export function gainersOf({ engine, checks }: Ground, entry: RegisterEntry): ReadonlySet<string> {
  const words = wordsOf(entry);
  const [check, name] = [checks.find(({ id }) => id === text(words.check)), nameOfItem(words.item)];
  if (!check || name === null) return new Set();
  return new Set(named(engine, check, name, { from: -NEVER, to: NEVER }).flatMap((item) => [...peopleOf(engine.facts, check, item)]));
}

/** The fields of an entry that only some registers have. */
export function wordsOf({ body }: Pick<RegisterEntry, 'body'>): Readonly<Record<string, unknown>> {
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}

export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');

/** How an entry names an item; `null` where it does not. */
export function nameOfItem(value: unknown): Named | null {
  if (typeof value !== 'object' || value === null) return text(value) === '' ? null : text(value);
  const { source, key, partition } = value as Readonly<Record<string, unknown>>;
  if (text(source) === '' || text(key) === '') return null;
  return { source: text(source), key: text(key), partition: text(partition) === '' ? null : text(partition) };
}
