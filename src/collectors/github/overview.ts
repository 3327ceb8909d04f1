import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { type Course, query } from './change-asking.ts';

/** One page of the repositories of an organization, each with what a collector wants to know of it. Made once for each: a schema costs more than what it reads. */
export function organizationOf<Node>(node: z.ZodType<Node>): ReturnType<typeof madeOf<Node>> {
  const made = MADE.get(node) ?? madeOf(node);
  MADE.set(node, made);
  return made as ReturnType<typeof madeOf<Node>>;
}

const MADE = new WeakMap<z.ZodType, unknown>();

const madeOf = <Node>(node: z.ZodType<Node>) =>
  z.object({
    data: z.object({
      viewer: z.object({ login: z.string().min(1) }),
      organization: z.object({
        databaseId: z.int(),
        login: z.string(),
        repositories: z.object({
          totalCount: z.int(),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          nodes: z.array(node),
        }),
      }),
    }),
  });

export interface Overview<Node> {
  readonly caller: string;
  readonly organization: number;
  /** How many repositories there are by GitHub's own count. */
  readonly total: number;
  readonly repositories: readonly Node[];
}

/** All repositories of an organization. `question` says what each page is called. */
export function* overviewOf<Node>(org: string, question: (page: number) => string, document: string, node: z.ZodType<Node>): Course<Overview<Node>> {
  const repositories: Node[] = [];
  for (let [page, after] = [1, null as string | null]; ; page++) {
    const name = question(page);
    const { viewer, organization } = (yield* query(name, document, { org, after }, organizationOf(node))).data;
    const { login, databaseId, repositories: its } = organization;
    refuseAnother(org, login);
    repositories.push(...its.nodes);
    const { hasNextPage, endCursor } = its.pageInfo;
    if (!hasNextPage) return { caller: viewer.login, organization: databaseId, total: its.totalCount, repositories };
    if (endCursor === null || endCursor === after) throw new IncompleteError(`"${name}" says that there is more, and not where`);
    after = endCursor;
  }
}

/** GitHub answers under the old name of an organization that was renamed. */
export function refuseAnother(org: string, login: string): void {
  if (login.toLowerCase() !== org.toLowerCase())
    throw new IncompleteError(`${login} answered for the organization ${org}: it was renamed, or this is another one`);
}
