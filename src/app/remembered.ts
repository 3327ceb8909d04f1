/**
 * What several ask for one after another, made once for as long as nothing more is known: so many of them, and what was
 * asked for longest ago goes first.
 */
export function remembered<View>(most: number): (of: object, name: string, make: () => View) => View {
  const kept = new WeakMap<object, Map<string, View>>();
  return (of, name, make) => {
    const known = kept.get(of) ?? new Map<string, View>();
    kept.set(of, known);
    const there = known.has(name) ? (known.get(name) as View) : make();
    known.delete(name);
    known.set(name, there);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return there;
  };
}
