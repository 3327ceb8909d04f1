type Entries = readonly string[] | readonly number[];

/** What rests on nothing. */
export const NONE: readonly never[] = [];

/** One list for all that hold the same entries: millions of facts and verdicts rest on few, which are then the same where they are one object. */
export interface Lists {
  share<List extends Entries>(list: List): List;
  /** A number for each list, the same for lists of the same entries. */
  idOf(list: Entries): number;
}

export function lists(): Lists {
  const byEntries = new Map<string, { readonly list: Entries; readonly id: number }>();
  const byList = new WeakMap<Entries, { readonly list: Entries; readonly id: number }>();
  const known = (list: Entries) => {
    const there = byList.get(list);
    if (there) return there;
    const entries = JSON.stringify(list);
    const its = byEntries.get(entries) ?? { list: list.length === 0 ? NONE : list, id: byEntries.size };
    byEntries.set(entries, its);
    byList.set(list, its);
    return its;
  };
  return { share: <List extends Entries>(list: List) => known(list).list as List, idOf: (list) => known(list).id };
}
