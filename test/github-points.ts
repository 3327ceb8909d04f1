import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

const PAGED = 'pageInfo';

/**
 * What GitHub charges for a query by the words of its documentation: a point for each hundred connections that have to
 * be opened, one at least; and how many nodes it may bring, which may not be more than half a million.
 */
export function priceOf(document: DocumentNode): { readonly points: number; readonly nodes: number } {
  const fragments = new Map(document.definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it.selectionSet] as const] : [])));
  let connections = 0;
  let nodes = 0;
  const walk = (set: SelectionSetNode, times: number): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment, times);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, times);
      else {
        const size = selection.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
        const count = size?.kind === Kind.INT ? Number(size.value) : null;
        if (count !== null && (count < 1 || count > 100)) throw new RangeError(`${selection.name.value} asks for ${count}: GitHub gives 1 to 100`);
        if (count === null && selection.selectionSet?.selections.some((it) => it.kind === Kind.FIELD && it.name.value === PAGED))
          throw new RangeError(`${selection.name.value} does not say how many it asks for`);
        if (count !== null) {
          connections += times;
          nodes += times * count;
        }
        if (selection.selectionSet) walk(selection.selectionSet, times * (count ?? 1));
      }
    }
  };
  for (const definition of document.definitions) if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, 1);
  return { points: Math.max(1, Math.round(connections / 100)), nodes };
}
