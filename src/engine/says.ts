import type { Verdict } from '../checks/check.ts';
import { type Lists, lists } from './lists.ts';

/** What is said of an item for some time, and what that rests on. */
export interface Said {
  readonly kind: Verdict['kind'];
  readonly because: string | null;
  /** Datasets that must be covered for it to count: all it reads, or those of which a deviation cites no row. */
  readonly needs: readonly string[];
  /** Those of them in which nothing was found: they must have been looked at since the item appeared. */
  readonly lacks: readonly string[];
  /** Time alone will not change it. */
  readonly settled: boolean;
  /** Records of the item's row and of the rows cited, as they were when it began. */
  readonly records: readonly number[];
}

/** What a check says, in few objects: most of it is said of many items. What was said long ago may become another object that says the same. */
export interface Says {
  of(kind: Said['kind'], because: string | null, needs: Said['needs'], lacks: Said['lacks'], settled: boolean, records: Said['records']): Said;
}

const KINDS: Readonly<Record<Said['kind'], number>> = { conforms: 0, deviates: 1, unknown: 2, notYet: 3 };
/** So many sentences, and so many lists of records, are remembered; then it is begun anew. */
const REMEMBERED = 4096;

/** Whether two say the same, whatever records they rest on. */
export const isSame = (a: Said, b: Said): boolean =>
  a === b || (a.kind === b.kind && a.because === b.because && a.settled === b.settled && sameList(a.needs, b.needs) && sameList(a.lacks, b.lacks));

/** And rest on the same records. */
export const isEqual = (a: Said, b: Said): boolean => a === b || (isSame(a, b) && sameList(a.records, b.records));

const sameList = (a: readonly (string | number)[], b: readonly (string | number)[]): boolean =>
  a === b || (a.length === b.length && a.every((entry, place) => entry === b[place]));

/** @param shared the lists of the facts that verdicts rest on */
export function says(shared: Lists = lists()): Says {
  const last: (Said | undefined)[] = [undefined, undefined, undefined, undefined];
  /** Without a sentence little can be said: few things of what rests on the same records. */
  const wordless = new Map<Said['records'], Said[]>();
  /** Most sentences are said in one way only. */
  const [first, others] = [new Map<string, Said>(), new Map<string, Said>()];

  const of: Says['of'] = (kind, because, needs, lacks, settled, records) => {
    // Most items of a check are told of by one run, and found alike.
    const same = last[KINDS[kind]];
    if (same && same.records === records && same.because === because && same.needs === needs && same.lacks === lacks && same.settled === settled) return same;
    const said = { kind, because, needs: shared.share(needs), lacks: shared.share(lacks), settled, records: shared.share(records) };
    const its = because === null ? silent(said) : spoken(said, because);
    last[KINDS[kind]] = its;
    return its;
  };

  const silent = (said: Said): Said => {
    const its = wordless.get(said.records) ?? [];
    remember(wordless, said.records, its);
    const known = its.find((it) => isEqual(it, said));
    if (!known) its.push(said);
    return known ?? said;
  };
  const spoken = (said: Said, because: string): Said => {
    const known = first.get(because) ?? said;
    remember(first, because, known);
    return isEqual(known, said) ? known : another(said);
  };
  const another = (said: Said): Said => {
    const { kind, because, needs, lacks, settled, records } = said;
    const name = `${KINDS[kind]}${settled ? 1 : 0} ${shared.idOf(needs)} ${shared.idOf(lacks)} ${shared.idOf(records)} ${because}`;
    const known = others.get(name) ?? said;
    remember(others, name, known);
    return known;
  };
  return { of };
}

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
  if (memory.size >= REMEMBERED && !memory.has(key)) memory.clear();
  memory.set(key, value);
}
