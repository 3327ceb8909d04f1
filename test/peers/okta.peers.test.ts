import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Collector } from '../../src/collectors/collector.ts';
import { oktaApplications } from '../../src/collectors/okta/applications.ts';
import { LogEvent } from '../../src/collectors/okta/log-events.ts';
import { oktaSystemLog } from '../../src/collectors/okta/system-log.ts';
import { oktaUsers } from '../../src/collectors/okta/users.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { openSource } from '../../src/sources/open.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { at, recorded } from '../recorded.ts';
import { publishedFile } from './published.ts';

// Okta's own description of its API, as Okta publishes it.
const PACKAGE = '@okta/openapi@2.15.0';
const INTEGRITY = 'twwPLKMJ5HlEZvdL6n0TiOIYqJVihM7g3UI1oSKBm9mPb0Fv9BIFKVOOrloJ3LiEnhTOzkR8w16BdCxbPTVcjg==';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly type?: string;
  readonly format?: string;
}
interface Definition {
  readonly type?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: Definition;
  readonly properties?: Readonly<Record<string, Definition>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

const file = publishedFile(PACKAGE, INTEGRITY, 'dist/spec.json');
const description = file === null ? null : (JSON.parse(file) as Description);
const absent = description === null && missing(PACKAGE, 'A registry of npm must be reachable.');

/** What a collector asks of Acme, and what it is answered. */
async function asked(collector: unknown) {
  const { wire, config, partition, credentials, root } = recorded(collector, { org: 'acme.okta.com' }, 'acme.okta.com');
  const requests: { method: string; url: URL }[] = [];
  const watching: Wire = async (request) => {
    requests.push({ method: request.method, url: new URL(request.url) });
    return wire(request);
  };
  const it = collector as Collector;
  const { source } = openSource(it, { config, partition, credentials, root, endpoint: null, wire: watching, clock: () => at, sleep: async () => undefined });
  const artifacts: Artifact[] = [];
  for await (const artifact of it.collect(source as never, { config, partition, at, after: null, since: 0, timezone: 'UTC' })) artifacts.push(artifact);
  return { requests, artifacts };
}

/** What the description has against a request; nothing where it knows it. */
function objections({ paths }: Description, { method, url }: { readonly method: string; readonly url: URL }): readonly string[] {
  const path = Object.keys(paths)
    .filter((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(url.pathname))
    .toSorted((a, b) => a.length - b.length)[0];
  const parameters = path === undefined ? undefined : (paths[path]?.[method.toLowerCase()]?.parameters ?? []);
  if (parameters === undefined) return [`${method} ${url.pathname} is unknown`];
  return [...url.searchParams].flatMap(([name, value]) => {
    const known = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name);
    if (!known) return [`${path}: ${name} is unknown`];
    if (known.type === 'integer' && !/^\d+$/.test(value)) return [`${path}: ${name}=${value} is no integer`];
    if (known.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return [`${path}: ${name}=${value} is no instant`];
    return [];
  });
}

/** What the description has against a value. What is null is not told. */
function misfits({ definitions }: Description, definition: Definition, value: unknown, path: string): readonly string[] {
  const { $ref } = definition;
  const its = $ref === undefined ? definition : (definitions[$ref.replace('#/definitions/', '')] ?? {});
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((entry, place) => misfits({ definitions, paths: {} }, its.items ?? {}, entry, `${path}.${place}`));
  if (its.enum) return its.enum.includes(String(value)) ? [] : [`${path} cannot be ${String(value)}`];
  if (typeof value !== 'object') return its.type === (Number.isInteger(value) ? 'integer' : typeof value) ? [] : [`${path} is no ${its.type}`];
  if (!its.properties) return its.type === 'object' ? [] : [`${path} is unknown`];
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = its.properties?.[name];
    return known ? misfits({ definitions, paths: {} }, known, inner, `${path}.${name}`) : [`${path}.${name} is unknown`];
  });
}

/** The fields that a schema reads, by path; lists are passed through. */
function fieldsOf(schema: z.ZodType, path: string): readonly string[] {
  const {
    innerType,
    element,
    shape,
    in: inner,
  } = schema.def as { innerType?: z.ZodType; element?: z.ZodType; shape?: Record<string, z.ZodType>; in?: z.ZodType };
  const next = innerType ?? element ?? inner;
  if (next) return fieldsOf(next, path);
  return shape ? Object.entries(shape).flatMap(([name, field]) => fieldsOf(field, path === '' ? name : `${path}.${name}`)) : [path];
}

describe.skipIf(absent)('Okta, by its own description', () => {
  const official = description as Description;

  it('knows every request for its log', async () => {
    const { requests } = await asked(oktaSystemLog);
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.flatMap((request) => objections(official, request))).toEqual([]);
  });

  it('knows every request for its users but one that is younger than it', async () => {
    const { requests } = await asked(oktaUsers);
    expect([...new Set(requests.flatMap((request) => objections(official, request)))]).toEqual(['GET /api/v1/iam/assignees/users is unknown']);
  });

  it('knows every request for applications and access but those that are younger than it', async () => {
    const { requests } = await asked(oktaApplications);
    expect(requests.length).toBeGreaterThan(30);
    expect([...new Set(requests.flatMap((request) => objections(official, request)))].sort()).toEqual([
      'GET /.well-known/okta-organization is unknown',
      'GET /api/v1/iam/assignees/users is unknown',
      'GET /api/v1/iam/roles is unknown',
      'GET /api/v1/iam/roles/cr0keeper/permissions is unknown',
    ]);
  });

  it('objects to what it does not know', () => {
    const ask = (path: string) => objections(official, { method: 'GET', url: new URL(`https://acme.okta.com${path}`) });
    expect(ask('/api/v1/logs?from=2026')).toEqual(['/api/v1/logs: from is unknown']);
    expect(ask('/api/v1/logs?since=yesterday&limit=many')).toEqual(['/api/v1/logs: since=yesterday is no instant', '/api/v1/logs: limit=many is no integer']);
    expect(ask('/api/v1/journal')).toEqual(['GET /api/v1/journal is unknown']);
  });

  it('has every field that is read of an event, and Acme invents none', async () => {
    const event = official.definitions.LogEvent ?? {};
    const fields = fieldsOf(LogEvent, '');
    expect(fields).toContain('authenticationContext.externalSessionId');
    const nested = (path: string) => path.split('.').reduceRight<unknown>((value, name) => (name === 'target' ? { target: [value] } : { [name]: value }), 'x');
    // Of enumerations only the field is asked here, not a value.
    const unknown = fields.flatMap((path) => misfits(official, event, nested(path), 'event')).filter((problem) => / is unknown$/.test(problem));
    expect(unknown).toEqual([]);
    const { artifacts } = await asked(oktaSystemLog);
    const told = artifacts.filter(({ name }) => name.startsWith('events')).flatMap(({ body }) => JSON.parse(new TextDecoder().decode(body)) as unknown[]);
    expect(told.length).toBeGreaterThan(500);
    expect([...new Set(told.flatMap((it) => misfits(official, event, it, 'event')))]).toEqual([]);
    expect(misfits(official, event, { uuid: 1, journal: true, severity: 'LOUD' }, 'event')).toEqual([
      'event.uuid is no string',
      'event.journal is unknown',
      'event.severity cannot be LOUD',
    ]);
  });
});
