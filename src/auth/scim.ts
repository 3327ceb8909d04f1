import SCIMMY from 'scimmy';
import type { From, Means } from './means.ts';
import { type Asked, baseOf, declare, Groups, loweredFilter, PER_PAGE, problem, Users } from './scim-resources.ts';
import { plain } from './text.ts';
import { tokenBehind } from './tokens.ts';

// SCIM 2.0 over HTTP (RFC 7644). The library knows schemas, filters, patches and pages.

const LARGEST = 1_000_000;
const TYPE = 'application/scim+json';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Answers below `/scim/v2`. */
export async function answerScim(means: Means, request: Request, from: From): Promise<Response> {
  declare();
  const [scheme = '', secret = ''] = (request.headers.get('authorization') ?? '').split(' ');
  const token = scheme.toLowerCase() === 'bearer' ? await tokenBehind(means, secret, from) : null;
  if (token?.kind !== 'scim')
    return failed(problem(401, null, 'This needs a token that an admin made for SCIM.'), { 'www-authenticate': 'Bearer realm="scim"' });
  try {
    return await routed(request, { means, by: `token ${token.name}`, ifMatch: request.headers.get('if-match') });
  } catch (error) {
    if (error instanceof SCIMMY.Types.Error) return failed(error);
    throw error;
  }
}

const failed = (error: Error, headers: Readonly<Record<string, string>> = {}): Response => {
  const { status = 500, scimType } = error as { readonly status?: number; readonly scimType?: string | null };
  const its = { schemas: [ERROR], status: String(status), ...(scimType ? { scimType } : {}), detail: error.message };
  return said(its, Number(status), headers);
};

interface Shown {
  readonly id?: string;
  readonly schemas?: readonly string[];
  readonly Resources?: readonly Shown[];
}

/** Whichever attributes were asked for, what a resource is belongs to it (RFC 7644, section 3.9); the library leaves it out. */
function whole(body: Shown): Shown {
  if (body.Resources) return { ...body, Resources: body.Resources.map(whole) };
  return body.schemas || body.id === undefined ? body : { schemas: [body.id.startsWith('g') ? SCIMMY.Schemas.Group.id : SCIMMY.Schemas.User.id], ...body };
}

const said = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(whole(JSON.parse(JSON.stringify(body)) as Shown)), {
    status,
    headers: { 'content-type': TYPE, 'cache-control': 'no-store', ...headers },
  });

const DESCRIBED = {
  Schemas: SCIMMY.Resources.Schema,
  ResourceTypes: SCIMMY.Resources.ResourceType,
  ServiceProviderConfig: SCIMMY.Resources.ServiceProviderConfig,
};

/** What stands under a name, and nothing that every object has. */
const own = <Value>(of: Readonly<Record<string, Value>>, name: string): Value | undefined => (Object.hasOwn(of, name) ? of[name] : undefined);

async function routed(request: Request, asked: Asked): Promise<Response> {
  const url = new URL(request.url);
  const base = baseOf(asked.means);
  const [kind = '', id, more] = url.pathname
    .replace(/^\/scim\/v2\/?/, '')
    .replace(/\/$/, '')
    .split('/')
    .map(decoded);
  for (const resource of [Users, Groups, SCIMMY.Resources.Schema, SCIMMY.Resources.ResourceType, SCIMMY.Resources.ServiceProviderConfig])
    resource.basepath(base);
  if ((kind === '.search' && id === undefined) || (id === '.search' && more === undefined)) return searching(request, kind, asked);
  if (more !== undefined) throw problem(404, null, 'There is nothing at this address.');
  const described = own(DESCRIBED, kind);
  if (described) return describing(request, described as never, id, url);
  const resource = own({ Users, Groups }, kind);
  if (!resource) throw problem(kind === 'Me' || kind === 'Bulk' ? 501 : 404, null, 'There is nothing at this address.');
  return acting(request, resource as unknown as Kind, { id, query: queryOf(url.searchParams) }, asked);
}

function decoded(part: string): string {
  try {
    return plain(decodeURIComponent(part));
  } catch {
    throw problem(404, null, 'There is nothing at this address.');
  }
}

/** The question in the body instead of the address (RFC 7644, section 3.4.3). */
async function searching(request: Request, kind: string, asked: Asked): Promise<Response> {
  if (request.method !== 'POST') throw problem(405, null, 'A search is posted.');
  const of = { '.search': undefined, Users: [Users], Groups: [Groups] };
  if (!Object.hasOwn(of, kind)) throw problem(404, null, 'There is nothing at this address.');
  const body = (await bodyOf(request)) as Readonly<Record<string, unknown>>;
  const count = Math.min(Math.max(Number(body.count ?? PER_PAGE), 0), PER_PAGE);
  return said(
    await new SCIMMY.Messages.SearchRequest({
      ...body,
      ...(typeof body.filter === 'string' ? { filter: loweredFilter(body.filter) } : {}),
      count,
    } as never).apply(of[kind as keyof typeof of] as never, asked as never),
  );
}

interface Instance {
  read(asked?: Asked): Promise<object>;
  write(data: unknown, asked: Asked): Promise<object>;
  patch(data: unknown, asked: Asked): Promise<object | undefined>;
  dispose(asked: Asked): Promise<void>;
}
type Kind = new (...its: readonly unknown[]) => Instance;

async function describing(request: Request, kind: Kind, id: string | undefined, { searchParams }: URL): Promise<Response> {
  if (request.method !== 'GET') throw problem(405, null, 'This is only read.');
  if (searchParams.has('filter')) throw problem(403, null, 'This is not filtered (RFC 7644, section 4).');
  return said(withDemands(JSON.parse(JSON.stringify(await (id === undefined ? new kind({}) : new kind(id, {})).read()))));
}

interface Attribute {
  readonly name: string;
  readonly required?: boolean;
  readonly subAttributes?: readonly Attribute[];
}

/** What a user is described to need beyond the standard: an address, by which they are known, and whether they may sign in. A `userName` that is an address is taken for one all the same. */
function withDemands(described: { readonly id?: string; readonly Resources?: readonly object[]; readonly attributes?: readonly Attribute[] }): object {
  if (described.Resources) return { ...described, Resources: described.Resources.map(withDemands) };
  const demand = (attribute: Attribute): Attribute => {
    // What members are called is what they are called as users: it is not told twice.
    if (attribute.name === 'members') return { ...attribute, subAttributes: (attribute.subAttributes ?? []).filter(({ name }) => name !== 'display') };
    if (described.id !== SCIMMY.Schemas.User.id) return attribute;
    if (attribute.name === 'active' || attribute.name === 'value') return { ...attribute, required: true };
    return attribute.name === 'emails' ? { ...attribute, required: true, subAttributes: (attribute.subAttributes ?? []).map(demand) } : attribute;
  };
  return described.attributes ? { ...described, attributes: described.attributes.map(demand) } : described;
}

async function acting(
  request: Request,
  kind: Kind,
  { id, query }: { readonly id: string | undefined; readonly query: object },
  asked: Asked,
): Promise<Response> {
  const { method } = request;
  if (id === undefined) {
    if (method === 'GET') return said(await new kind(query).read(asked));
    if (method === 'POST') return tagged(request, await new kind(query).write(await bodyOf(request), asked), 201);
    throw problem(405, null, `${method} is of no use here.`);
  }
  const one = new kind(id, query);
  if (method === 'GET') return tagged(request, await one.read(asked), 200);
  if (method === 'PUT') {
    await one.read(asked); // what is not there is not made by writing to it
    return tagged(request, await one.write(await bodyOf(request), asked), 200);
  }
  if (method === 'PATCH') return tagged(request, (await one.patch(await bodyOf(request), asked)) ?? (await one.read(asked)), 200);
  if (method !== 'DELETE') throw problem(405, null, `${method} is of no use here.`);
  await one.dispose(asked);
  return new Response(null, { status: 204 });
}

function tagged(request: Request, resource: object, status: number): Response {
  const body = JSON.parse(JSON.stringify(resource)) as { readonly meta?: { readonly version?: string; readonly location?: string } };
  const { version, location } = body.meta ?? {};
  const headers = { ...(version === undefined ? {} : { etag: version }), ...(location === undefined ? {} : { location }) };
  if (request.method === 'GET' && version !== undefined && request.headers.get('if-none-match') === version)
    return new Response(null, { status: 304, headers });
  return said(body, status, headers);
}

/** Whole numbers of pages as numbers; no more than a page at once. */
function queryOf(given: URLSearchParams): Readonly<Record<string, string | number>> {
  const query: Record<string, string | number> = Object.fromEntries(given);
  for (const name of ['startIndex', 'count']) {
    if (query[name] === undefined) continue;
    if (!/^-?\d{1,9}$/.test(String(query[name]))) throw problem(400, 'invalidValue', `${name} is a whole number.`);
    query[name] = Number(query[name]);
  }
  if (typeof query.filter === 'string') query.filter = loweredFilter(query.filter);
  return { ...query, count: Math.min(Math.max(Number(query.count ?? PER_PAGE), 0), PER_PAGE), startIndex: Math.max(Number(query.startIndex ?? 1), 1) };
}

async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/(scim\+)?json\b/i.test(type)) throw problem(415, null, `Write ${TYPE}.`);
  const text = await request.text();
  if (text.length > LARGEST) throw problem(413, null, `It is longer than ${LARGEST} characters.`);
  try {
    // Some providers write truth values as words.
    return JSON.parse(text, (_, value: unknown) =>
      value === 'True' || value === 'False' ? value === 'True' : typeof value === 'string' ? plain(value) : value,
    ) as unknown;
  } catch {
    throw problem(400, 'invalidSyntax', 'It is not JSON.');
  }
}
