import type { Instant } from '../../../core/instant.ts';
import { rankOf } from '../../../app/mentioned.ts';
import { may, type Permission } from '../../../auth/roles.ts';
import { type Asking, implementing, principalOf } from '../asking.ts';
import { type KINDS, search as contract } from '../contract/search.ts';
import { isRefusal } from '../problem.ts';

const endpoints = implementing(contract);

interface Found {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly title: string;
  readonly path: string;
}

export const searchRoutes = endpoints.router({
  find: endpoints.find.handler(async ({ input: { q, limit, asOf }, context }) => {
    const sought = q.trim().toLowerCase().replace(/^#/, '');
    if (sought === '') return { found: [] };
    let found: readonly Ranked[] = [];
    for (const [permission, look] of LOOKS) {
      if (!may(principalOf(context), permission)) continue;
      const more = Iterator.from(await within(() => look(context, sought, asOf))).flatMap((its): readonly Ranked[] => {
        const rank = rankOf(its.id.toLowerCase(), its.title.toLowerCase(), sought);
        return rank === null ? [] : [{ ...its, rank }];
      });
      found = best([...found, ...more], limit);
    }
    return { found: found.map(({ kind, id, title, path }) => ({ kind, id, title, path })) };
  }),
});

type Ranked = Found & { readonly rank: number };

/** The contract asks for no more. */
const MOST = 50;

const best = (all: readonly Ranked[], limit: number): readonly Ranked[] =>
  all.toSorted((a, b) => a.rank - b.rank || a.id.length - b.id.length || (a.id < b.id ? -1 : 1)).slice(0, limit);

type Look = (context: Asking, sought: string, asOf: Instant | undefined) => Promise<Iterable<Found>>;

const at = (segment: string): string => encodeURIComponent(segment);

const LOOKS: readonly (readonly [permission: Permission, look: Look])[] = [
  [
    'posture.read',
    async ({ reads }, _, asOf) => {
      const { criteria, controls, checks } = await reads.posture(asOf);
      return [
        ...criteria.map(({ id, title }) => ({ kind: 'criterion' as const, id, title, path: `/criteria/${at(id)}` })),
        ...controls.map(({ id, title }) => ({ kind: 'control' as const, id, title, path: `/controls/${at(id)}` })),
        ...checks.map(({ id, title }) => ({ kind: 'check' as const, id, title, path: `/checks/${at(id)}` })),
      ];
    },
  ],
  [
    'findings.read',
    async ({ reads }, sought, asOf) =>
      (await reads.casesFound(asOf === undefined ? {} : { asOf }, { sought, most: MOST })).map(({ id, title, item }) => {
        return { kind: 'finding', id, title: `${item.label}: ${title}`, path: `/findings/${at(id)}` };
      }),
  ],
  [
    'people.read',
    async ({ reads }, sought, asOf) => {
      const { people, accounts } = await reads.found({ sought, most: MOST, asOf });
      return [
        ...people.map(({ id, name, emails }) => ({ kind: 'person' as const, id, title: [name, ...emails].join(' '), path: `/people/${at(id)}` })),
        ...accounts.map(({ login, system }) => ({
          kind: 'account' as const,
          id: login,
          title: `${login} in ${system}`,
          path: `/accounts?system=${at(system)}`,
        })),
      ];
    },
  ],
  [
    'sources.read',
    async ({ reads }) =>
      (await reads.sources()).map(({ collector, name }) => ({
        kind: 'source',
        id: `${collector}/${name}`,
        title: `${collector} ${name}`,
        path: `/sources/${collector}/${at(name)}/runs`,
      })),
  ],
  ['evidence.read', async ({ reads }) => (await reads.datasets()).map(({ id, title }) => ({ kind: 'dataset', id, title, path: `/datasets/${at(id)}/rows` }))],
  ['evidence.read', records],
  [
    'statements.read',
    async ({ services }) => services.workspace.statedKinds().map(({ id, title }) => ({ kind: 'kind', id, title, path: `/statements?kind=${at(id)}` })),
  ],
];

/** A record by its index, or by the first digits of its digest. */
async function records({ reads, services }: Asking, sought: string): Promise<readonly Found[]> {
  const { size } = await services.workspace.checkpoint();
  const index = /^\d{1,15}$/.test(sought) && Number(sought) < size ? [Number(sought)] : [];
  const byDigest = /^[0-9a-f]{8,64}$/.test(sought) ? await reads.byDigest(sought) : [];
  const found: Found[] = [];
  for (const its of new Set([...index, ...byDigest])) {
    const { digest } = await reads.sealed(its);
    found.push({ kind: 'record', id: String(its), title: digest, path: `/records/${its}` });
  }
  return found;
}

/** What lies beyond the bounds of who asks is not found. */
async function within(look: () => Promise<Iterable<Found>>): Promise<Iterable<Found>> {
  try {
    return await look();
  } catch (error) {
    if (isRefusal(error) && error.data.problem === 'out-of-bounds') return [];
    throw error;
  }
}
