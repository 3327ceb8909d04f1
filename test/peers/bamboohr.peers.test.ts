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
