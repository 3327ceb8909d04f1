import { join } from 'node:path';
import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { JIRA_READING, LINEAR_READING } from '../../src/acme/tracker-configuration.ts';
import { acmeWire } from '../../src/acme/wire.ts';
import { jiraIssues } from '../../src/collectors/jira/issues.ts';
import { ISSUES, LABELS, PAGE, REST, WHO } from '../../src/collectors/linear/queries.ts';
import { linearIssues } from '../../src/collectors/linear/issues.ts';
import type { WireRequest } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { collectOnce, recorded, world } from '../recorded.ts';
import { amongOurs, publishedFile, publishedPackage } from './published.ts';

const now = world.ago(1, 4);
/** What a collector asks of Acme, each question with its answer. */
async function asked(collector: unknown, config: unknown, partition: string) {
  const exchanges: { request: WireRequest; body: unknown }[] = [];
  const wire = acmeWire(world, () => now);
  await collectOnce(collector, {
    ...recorded(collector, config, partition),
    at: now,
    since: world.ago(100),
    wire: async (request) => {
      const answer = await wire(request);
      exchanges.push({ request, body: JSON.parse(new TextDecoder().decode(answer.body)) });
      return answer;
    },
  });
  return exchanges;
}

// A client of Jira that others generate from Atlassian's description. Asked to audit, its schemas refuse what the description does not know.
const JIRA = ['jira.js@6.2.0', 'tF6FUfByN0ezxR1SoA5iZ49FI0U/GdHLR+r3FDq4aqHO2MlVKE2VitAsnsa1ThFhdT82hTSCYXw8jT9zbeOIRw=='] as const;
const jira = publishedPackage(...JIRA, amongOurs(JIRA[0]));

interface Call {
  readonly url: string;
  readonly method: string;
  readonly searchParams?: Readonly<Record<string, unknown>>;
  readonly schema: {
    safeParse(value: unknown): { readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } };
  };
}
type Api = Readonly<Record<string, (client: unknown, parameters?: unknown) => Promise<Call>>>;

describe.skipIf(jira === null && missing(JIRA[0], 'A registry of npm must be reachable.'))('Jira', async () => {
  process.env.AUDIT_SCHEMAS = 'true';
  const api = async (name: string): Promise<Api> => (jira === null ? {} : ((await import(join(jira, `dist/cloud/api/${name}.js`))) as Api));
  const client = { sendRequest: async (call: Call) => call };
  const [search, issues, myself, statuses, fields] = await Promise.all(['issueSearch', 'issues', 'myself', 'workflowStatuses', 'issueFields'].map(api));
  const calls: readonly (readonly [RegExp, () => Promise<Call> | undefined])[] = [
    [/\/search\/jql$/, () => search?.searchAndReconsileIssuesUsingJql?.(client, {})],
    [/\/issue\/(\d+)\/changelog$/, () => issues?.getChangeLogs?.(client, { issueIdOrKey: 'ID' })],
    [/\/myself$/, () => myself?.getCurrentUser?.(client)],
    [/\/status$/, () => statuses?.getStatuses?.(client)],
    [/\/field$/, () => fields?.getFields?.(client)],
  ];

  it('is asked what its description knows, and Acme answers nothing that it does not', async () => {
    const exchanges = await asked(jiraIssues, JIRA_READING, JIRA_READING.site);
    const kinds = new Set<RegExp>();
    for (const { request, body } of exchanges) {
      const { pathname, searchParams } = new URL(request.url);
      const [pattern, known] = calls.find(([path]) => path.test(pathname)) ?? [];
      const call = await known?.();
      expect(call, pathname).toBeDefined();
      if (!call || !pattern) continue;
      kinds.add(pattern);
      expect([request.method, pathname.replace(/issue\/\d+/, 'issue/ID')]).toEqual([call.method, call.url]);
      expect([...searchParams.keys()].filter((name) => !Object.keys(call.searchParams ?? {}).includes(name))).toEqual([]);
      expect(call.schema.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []).toEqual([]);
    }
    expect(kinds.size).toBe(calls.length);
  });

  it('would be refused with what it does not know', async () => {
    const call = await calls[0]?.[1]();
    const found = call?.schema.safeParse({ issues: [{ id: '1', key: 'A-1', changelog: { steps: [] } }], next: 'x' }).error?.issues ?? [];
    expect(found.map(({ path }) => path.join('.')).sort()).toEqual(['', 'issues.0.changelog']);
    expect(Object.keys(call?.searchParams ?? {})).not.toContain('startAt');
  });
});

// The types that Linear itself generates from its schema, as its own client has them.
const LINEAR = ['@linear/sdk@98.0.0', 'DRakJJiGe4QE2tc49+XQVE0lyeR9CUHJTpCPsx5291LsmDaMvhP8+beCgXQQ7jET+OshHEm2BYtMx6EUt9ZR8Q=='] as const;
const types = publishedFile(...LINEAR, 'dist/index-D2pH4Pk9.d.mts');

interface Field {
  readonly type: string;
  readonly isList: boolean;
  readonly isNull: boolean;
}
const known = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a type: the type of each, with whether it may be null and whether it is a list. */
function fieldsOf(name: string): ReadonlyMap<string, Field> {
  const its = known.get(name) ?? readType(name);
  known.set(name, its);
  return its;
}

function readType(name: string): ReadonlyMap<string, Field> {
  const start = types?.search(new RegExp(`^(declare )?type ${name} = `, 'm')) ?? -1;
  const body = start < 0 ? '' : (types?.slice(start, types.indexOf('\n};', start)) ?? '');
  const lines = [...body.matchAll(/^ {2}(\w+)\??: (.+);$/gm)];
  return new Map(
    lines.map(([, field = '', said = '']) => {
      const bare = said.replaceAll(/\b(Input)?Maybe<|Array<|>/g, '');
      return [field, { type: bare, isList: /Array</.test(said), isNull: /Maybe</.test(said) }];
    }),
  );
}

const isScalar = (type: string): boolean => type.startsWith('Scalars[');
/** `${Name}Args` of what takes arguments. */
const argumentsOf = (owner: string, field: string) => fieldsOf(`${owner}${field.charAt(0).toUpperCase()}${field.slice(1)}Args`);

/** What the schema has against a selection. */
function objections(owner: string, set: SelectionSetNode): readonly string[] {
  const fields = fieldsOf(owner);
  return set.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return ['not a field'];
    const { name, selectionSet, arguments: given = [] } = selection;
    const its = fields.get(name.value);
    if (!its) return [`${owner}.${name.value} is unknown`];
    if (isScalar(its.type) !== (selectionSet === undefined)) return [`${owner}.${name.value} is ${its.type}`];
    const known = argumentsOf(owner, name.value);
    const strange = given.flatMap((argument) =>
      known.has(argument.name.value) || argument.name.value === 'id' ? [] : [`${owner}.${name.value}(${argument.name.value}) is unknown`],
    );
    return [...strange, ...(selectionSet ? objections(its.type, selectionSet) : [])];
  });
}

/** What an answer holds that was not asked for, or lacks though it is never null. */
function misfits(owner: string, set: SelectionSetNode, value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((it, place) => misfits(owner, set, it, `${path}.${place}`));
  if (typeof value !== 'object' || value === null) return [`${path} is no object`];
  const fields = fieldsOf(owner);
  const selected = set.selections.filter((it): it is FieldNode => it.kind === Kind.FIELD);
  const more = Object.keys(value).filter((key) => !selected.some(({ name }) => name.value === key));
  return [
    ...more.map((key) => `${path}.${key} was not asked for`),
    ...selected.flatMap(({ name: { value: key }, selectionSet }) => {
      const its = fields.get(key);
      const said = (value as Readonly<Record<string, unknown>>)[key];
      if (said === null || said === undefined) return its?.isNull ? [] : [`${path}.${key} is never null`];
      if (its?.isList !== Array.isArray(said)) return [`${path}.${key} is ${its?.isList ? 'a' : 'no'} list`];
      return selectionSet ? misfits(its?.type ?? '', selectionSet, said, `${path}.${key}`) : [];
    }),
  ];
}

const selectionOf = (document: string): SelectionSetNode => {
  const [definition] = parse(document).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new RangeError('no query');
  return definition.selectionSet;
};

/** What Linear counts: a tenth for each scalar, one for each object, times the size of the page it is on. */
function points(owner: string, set: SelectionSetNode, size: number): number {
  const fields = fieldsOf(owner);
  return set.selections.reduce((sum, selection) => {
    if (selection.kind !== Kind.FIELD) return sum;
    const type = fields.get(selection.name.value)?.type ?? '';
    const first = selection.arguments?.find(({ name }) => name.value === 'first')?.value;
    const page = first?.kind === Kind.INT ? Number(first.value) : 50;
    if (!selection.selectionSet) return sum + 0.1 * size;
    const isPaged = /Connection$/.test(type);
    const inner = points(type, selection.selectionSet, selection.name.value === 'nodes' ? size : isPaged ? size * page : size);
    return sum + (isPaged || selection.name.value === 'pageInfo' ? 0 : size) + inner;
  }, 0);
}

describe.skipIf(types === null && missing(LINEAR[0], 'A registry of npm must be reachable.'))('Linear', () => {
  it.each([
    ['who asks', WHO],
    ['issues', ISSUES],
    ['the rest of a history', REST],
    ['all labels', LABELS],
  ])('knows every field and argument of the question for %s', (_, document) => expect(objections('Query', selectionOf(document))).toEqual([]));

  it('knows how issues are chosen and put in order', () => {
    expect([...fieldsOf('IssueFilter').keys()]).toEqual(expect.arrayContaining(['team', 'updatedAt']));
    expect(fieldsOf('TeamFilter').get('key')?.type).toBe('StringComparator');
    expect(fieldsOf('NullableTeamFilter').size + fieldsOf('DateComparator').size).toBeGreaterThan(5);
    expect(types).toMatch(/PaginationOrderBy \{[^}]*CreatedAt = "createdAt"/);
  });

  it('answers Acme in no other shape', async () => {
    const exchanges = await asked(linearIssues, LINEAR_READING, LINEAR_READING.organization);
    expect(exchanges.length).toBeGreaterThan(5);
    for (const { request, body } of exchanges) {
      const { query } = JSON.parse(new TextDecoder().decode(request.body ?? new Uint8Array())) as { readonly query: string };
      expect(misfits('Query', selectionOf(query), (body as { readonly data: unknown }).data, 'data')).toEqual([]);
    }
  });

  it('allows what one question may give', () => {
    const most = points('Query', selectionOf(ISSUES), 1);
    expect(most).toBeLessThan(10_000);
    expect(most).toBeGreaterThan(PAGE * 100);
  });

  it('objects to what it does not know', () => {
    expect(objections('Query', selectionOf('query X { issues(firsts: 1) { nodes { id name state } } }'))).toEqual([
      'Query.issues(firsts) is unknown',
      'Issue.name is unknown',
      'Issue.state is WorkflowState',
    ]);
    expect(misfits('Query', selectionOf('query X { viewer { id name } }'), { viewer: { id: null, name: 'x', extra: 1 } }, 'data')).toEqual([
      'data.viewer.extra was not asked for',
      'data.viewer.id is never null',
    ]);
  });
});
