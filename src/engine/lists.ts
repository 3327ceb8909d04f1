type Entries = readonly string[] | readonly number[];

/** What rests on nothing. */
export const NONE: readonly never[] = [];

/** One list for all that hold the same entries: millions of facts and verdicts rest on few, which are then the same where they are one object. */
export interface Lists {
  share<List extends Entries>(list: List): List;
  /** A number for each list, the same for lists of the same entries. */
  idOf(list: Entries): number;
}

interface Known {
  readonly list: Entries;
  readonly id: number;
}

/** So many lists of records are remembered; then it is begun anew, and what is shared from then on are other objects. */
const REMEMBERED = 50_000;

export function lists(): Lists {
  const nothing: Known = { list: NONE, id: 0 };
  let ids = 1;
  const byList = new WeakMap<Entries, Known>();
  const one = new Map<string | number, Known>();
  const add = (list: Entries): Known => ({ list, id: ids++ });
  /** Lists of datasets are few. */
  const [byNames, byRecords] = [new Map<string, Known>(), new Map<string, Known>()];
  const ofEntries = (list: Entries): Known => {
    const entries = JSON.stringify(list);
    const memory = typeof list[0] === 'string' ? byNames : byRecords;
    const its = memory.get(entries) ?? add(list);
    if (byRecords.size >= REMEMBERED) byRecords.clear();
    memory.set(entries, its);
    return its;
  };
  /** Most lists hold one record. */
  const ofOne = (entry: string | number, list: Entries): Known => {
    const its = one.get(entry) ?? add(list);
    one.set(entry, its);
    return its;
  };
  const known = (list: Entries): Known => {
    if (list.length === 0) return nothing;
    const there = byList.get(list);
    if (there) return there;
    const [only] = list;
    const its = list.length === 1 && only !== undefined ? ofOne(only, list) : ofEntries(list);
    byList.set(list, its);
    return its;
  };
  return { share: <List extends Entries>(list: List) => known(list).list as List, idOf: (list) => known(list).id };
}
