import { describe, expect, it } from 'vitest';
import { hrBamboohr } from '../../src/collectors/hr/bamboohr.ts';
import type { WireRequest } from '../../src/sources/wire.ts';
import { bamboo, employee } from '../bamboohr.ts';
import { missing } from '../postgres.ts';
import { publishedWheelFile } from './published.ts';
import { runOnce } from './run-once.ts';

// A client of BambooHR that somebody else had made out of its published description. It knows what may be asked, and nothing of the answers.

const PACKAGE = 'mcparmory-bamboohr==1.0.6';
const SHA256 = '3ea2131f9f925f0cf283ec3c36f38512b995deb4ea2eb64ae4c3e79931996d04';
const client = publishedWheelFile(PACKAGE, SHA256, './server.py');
const models = publishedWheelFile(PACKAGE, SHA256, './_models.py');
const AT = Date.parse('2026-11-01T00:00:00Z');

/** Each operation of the client by its path: its method, and the model of what it sends. */
function operations(source: string): readonly { readonly path: string; readonly method: string; readonly model: string }[] {
  return source.split('@mcp.tool(').flatMap((tool) => {
    const path = /_http_path = (?:_build_path\()?"([^"]+)"/.exec(tool)?.[1];
    const method = /method="([A-Z]+)"/.exec(tool)?.[1];
    const model = /_models\.(\w+Request)\(/.exec(tool)?.[1];
    return path && method && model ? [{ path, method, model }] : [];
  });
}

/** The names under which a model sends what stands in the query. */
function queryOf(source: string, model: string): readonly string[] {
  const body = new RegExp(`^class ${model}Query\\(StrictModel\\):\\n((?: .*\\n)+)`, 'm').exec(source)?.[1] ?? '';
  return body.split('\n').flatMap((line) => /serialization_alias="(\w+)"/.exec(line)?.[1] ?? /^ +(\w+): /.exec(line)?.[1] ?? []);
}

describe.skipIf((client === null || models === null) && missing(PACKAGE, 'pip and PyPI must be reachable.'))('BambooHR', () => {
  it('is asked only what a client made of its description asks, and in the same words', async () => {
    const asked: WireRequest[] = [];
    const company = { employees: { '1': employee('1') }, history: [['1', '2025-01-15', 'Full-Time'] as const] };
    await runOnce(hrBamboohr, bamboo(company, asked), { company: 'acme', timezone: 'UTC' }, AT, AT);
    const known = operations(client ?? '').filter(({ method }) => method === 'GET');
    expect(known.length).toBeGreaterThan(50);
    const told = asked.map(({ method, url }) => {
      const { pathname, searchParams } = new URL(url);
      // The longest fits best: a name is no number of an employee.
      const [operation] = known
        .filter(({ path }) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
        .sort((a, b) => b.path.replace(/\{\w+\}/g, '').length - a.path.replace(/\{\w+\}/g, '').length);
      const names = queryOf(models ?? '', operation?.model ?? '');
      return { method, path: operation?.path, strange: [...searchParams.keys()].filter((name) => !names.includes(name)) };
    });
    expect(told).toEqual([
      { method: 'GET', path: '/api/v1/employees/changed', strange: [] },
      { method: 'GET', path: '/api/v1/employees/{id}/tables/{table}', strange: [] },
      { method: 'GET', path: '/api/v1/employees/{id}', strange: [] },
    ]);
    expect(models).toContain('Use the special value \\"all\\" to retrieve table data across all employees');
  });
});

// What another company's connector reads of the same API: its schema of an employee's fields, made for other purposes than ours.
const CONNECTOR = 'airbyte-source-bamboo-hr==0.4.14';
const schema = publishedWheelFile(
  CONNECTOR,
  '97afa81589d3b1d30c3dcf59dddbfbf9e11677a565dfeade14337fa1b5114153',
  'source_bamboo_hr/schemas/custom_reports_stream.json',
);

describe.skipIf(schema === null && missing(CONNECTOR, 'pip and PyPI must be reachable.'))('what BambooHR answers', () => {
  const fields =
    schema === null ? {} : (JSON.parse(schema) as { readonly properties: Readonly<Record<string, { readonly type: readonly string[] }>> }).properties;
  const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value);

  it('has the fields that we ask for, and ours answers of the types that are said of them', async () => {
    const asked: WireRequest[] = [];
    const told = employee('1');
    await runOnce(
      hrBamboohr,
      bamboo({ employees: { '1': told }, history: [['1', '2025-01-15', 'Full-Time']] }, asked),
      { company: 'acme', timezone: 'UTC' },
      AT,
      AT,
    );
    const names = asked.flatMap(({ url }) => new URL(url).searchParams.get('fields')?.split(',') ?? []);
    expect(names.length).toBe(15);
    expect(names.filter((name) => !(name in fields))).toEqual([]);
    const given = Object.entries(told).filter(([name]) => names.includes(name));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter(([name, value]) => !fields[name]?.type.includes(typeOf(value)))).toEqual([]);
  });

  it('may be null in any field that they let be null, and is read all the same', async () => {
    const nothing = Object.fromEntries(Object.keys(employee('1')).map((name) => [name, fields[name]?.type.includes('null') && name !== 'id' ? null : '1']));
    const { tables } = await runOnce(
      hrBamboohr,
      bamboo({ employees: { '1': { ...nothing, hireDate: '2025-01-15' } }, history: [['1', '2025-01-15', 'Full-Time']] }),
      { company: 'acme', timezone: 'UTC' },
      AT,
      AT,
    );
    expect(tables.flatMap(({ rows }) => rows)).toMatchObject([
      { workerId: '1', emails: [], title: null, managerId: null, startAt: Date.parse('2025-01-15T00:00:00Z'), terminationAt: null },
    ]);
  });
});
