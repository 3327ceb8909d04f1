import { z } from 'zod';

// What is asked of GitHub in GraphQL about deployments. Numbers of runs, deployments and checks have outgrown the 32 bits
// that an id has there: they are told apart by their node ids and addresses.

const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** So many repositories in one page, and so many of the newest releases of each. */
export const RELEASES = 50;
export const OVERVIEW = `query Deployed($org: String!, $after: String) {
  viewer { login }
  organization(login: $org) {
    databaseId
    login
    repositories(first: 50, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId
        name
        nameWithOwner
        environments(first: 1) { totalCount }
        deployments(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { createdAt } }
        releases(first: ${RELEASES}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { databaseId isDraft publishedAt } }
      }
    }
  }
}`;

export const Repository = z.object({
  databaseId: z.int(),
  name: z.string().min(1),
  nameWithOwner: z.string().min(1),
  environments: z.object({ totalCount: z.int() }).nullable(),
  deployments: z.object({ nodes: z.array(z.object({ createdAt: at })) }),
  releases: z.object({ nodes: z.array(z.object({ databaseId: z.int(), isDraft: z.boolean(), publishedAt: at.nullable() })) }),
});
export type Repository = z.infer<typeof Repository>;

/** What became of so many deployments, and the runs on their commits with who approved them. */
export const BATCH = 10;
const STATUS = '{ nodes { id state description logUrl createdAt } }';
export const BECAME = `query Became($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Deployment {
      id
      statuses(first: 50) { totalCount nodes { id state description logUrl createdAt } }
      last: statuses(last: 50) ${STATUS}
      commit {
        checkSuites(first: 100) {
          totalCount
          nodes {
            workflowRun {
              url
              deploymentReviews(first: 10) {
                nodes { state user { databaseId login } environments(first: 10) { nodes { name } } }
              }
            }
          }
        }
      }
    }
  }
}`;
const Status = z.object({ id: z.string().min(1), state: z.string(), description: z.string().nullable(), logUrl: z.string().nullable(), createdAt: at });
export type Status = z.infer<typeof Status>;
const Review = z.object({
  state: z.string(),
  user: z.object({ databaseId: z.int(), login: z.string().min(1) }),
  environments: z.object({ nodes: z.array(z.object({ name: z.string() })) }),
});
/** A deployment that was removed meanwhile is `null`, with an error that is a fact. */
export const GONE = ['NOT_FOUND'];
const Outcome = z.object({
  id: z.string().min(1),
  statuses: z.object({ totalCount: z.int(), nodes: z.array(Status) }),
  last: z.object({ nodes: z.array(Status) }),
  commit: z
    .object({
      checkSuites: z.object({
        totalCount: z.int(),
        nodes: z.array(z.object({ workflowRun: z.object({ url: z.string().min(1), deploymentReviews: z.object({ nodes: z.array(Review) }) }).nullable() })),
      }),
    })
    .nullable(),
});
export type Outcome = z.infer<typeof Outcome>;
export const Became = z.object({ data: z.object({ nodes: z.array(Outcome.nullable()) }) });

/** Results of one check on the commits of deployments. */
export const CHECKED = `query Checked($ids: [ID!]!, $check: String!) {
  nodes(ids: $ids) {
    ... on Deployment {
      id
      commit {
        checkSuites(first: 20, filterBy: { checkName: $check }) {
          totalCount
          nodes { checkRuns(first: 20, filterBy: { checkName: $check, checkType: ALL }) { totalCount nodes { conclusion startedAt completedAt } } }
        }
      }
    }
  }
}`;
const CheckRun = z.object({ conclusion: z.string().nullable(), startedAt: at.nullable(), completedAt: at.nullable() });
export type CheckRun = z.infer<typeof CheckRun>;
const Checks = z.object({
  totalCount: z.int(),
  nodes: z.array(z.object({ checkRuns: z.object({ totalCount: z.int(), nodes: z.array(CheckRun) }).nullable() })),
});
export const Checked = z.object({
  data: z.object({ nodes: z.array(z.object({ id: z.string().min(1), commit: z.object({ checkSuites: Checks }).nullable() }).nullable()) }),
});
