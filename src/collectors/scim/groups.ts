import { z } from 'zod';

export const ListedGroup = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  members: z.array(z.object({ value: z.string().min(1), type: z.string().nullish() })).nullish(),
});
export type Group = z.infer<typeof ListedGroup>;

/** What a user’s own entry says of a group: some providers tell there what they leave out of the group. */
interface Told {
  readonly group: string;
  readonly display: string | null | undefined;
  readonly user: string;
}

/** Who is in which group, groups within groups resolved, by the group’s word and by the user’s. */
export function membersByGroup(groups: readonly Group[], told: readonly Told[]): readonly { readonly name: string; readonly user: string }[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const nameOf = naming(groups);
  return [
    ...groups.flatMap(({ id }) => [...usersIn(id, byId, new Set())].map((user) => ({ name: nameOf(id) ?? id, user }))),
    ...told.map(({ group, display, user }) => ({ name: nameOf(group) ?? display ?? group, user })),
  ];
}

/** Groups may hold groups, and each other. */
function usersIn(id: string, byId: ReadonlyMap<string, Group>, seen: Set<string>): ReadonlySet<string> {
  if (seen.has(id)) return new Set();
  seen.add(id);
  return new Set((byId.get(id)?.members ?? []).flatMap(({ value }) => (byId.has(value) ? [...usersIn(value, byId, seen)] : [value])));
}

/** Two groups may have one name: then their ids tell them apart. */
function naming(groups: readonly Group[]): (id: string) => string | undefined {
  const count = Map.groupBy(groups, ({ displayName }) => displayName ?? '');
  const names = new Map(
    groups.map(({ id, displayName }) => [id, !displayName ? id : (count.get(displayName)?.length ?? 0) > 1 ? `${displayName} (${id})` : displayName]),
  );
  return (id) => names.get(id);
}
