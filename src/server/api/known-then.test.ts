import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hours } from '../../core/instant.ts';
import { type Company, company, principal } from './testing/company.ts';

let acme: Company;
let before = -1;
let after = -1;
const waiver = (id: string, until: string) =>
  `- id: ${id}\n  title: Release tool\n  check: mfa-enforced\n  item: nobody\n  reason: it is replaced\n  owner: W-1\n  until: ${until}\n`;

/** Writes the register and commits it. */
function commit(dir: string, register: string): void {
  writeFileSync(join(dir, 'registers/waivers.yaml'), register);
  const who = ['-c', 'user.name=Maria Lopez', '-c', 'user.email=maria.lopez@acme.example'];
  for (const words of [
    ['add', 'registers'],
    [...who, 'commit', '-q', '-m', 'Waivers'],
  ])
    execFileSync('git', words, { cwd: dir });
}

beforeAll(async () => {
  acme = await company({
    more: '  - { collector: files/registers, name: workspace, config: { kinds: [waivers] } }\n',
    prepare(dir) {
      mkdirSync(join(dir, 'registers'));
      execFileSync('git', ['init', '-q'], { cwd: dir });
      commit(dir, waiver('L-1', '2026-06-30'));
    },
  });
  before = (await acme.workspace.checkpoint()).size - 1;
  acme.pass(hours(24));
  commit(acme.workspace.dir, waiver('L-1', '2026-06-30') + waiver('L-2', '2026-07-31'));
  after = (await acme.workspace.collect('files/registers')).at(-1)?.record ?? -1;
  acme.as(principal('auditor'));
});
afterAll(() => acme.close());

const read = async <Answer>(path: string): Promise<Answer> => (await acme.ask(path)).json() as Promise<Answer>;
const waivers = async (query: string) => (await read<{ readonly waivers: readonly { readonly id: string }[] }>(`/waivers${query}`)).waivers.map(({ id }) => id);

it('tells of waivers by what was known when a record was the newest', async () => {
  expect(after).toBeGreaterThan(before);
  expect(await waivers('')).toEqual(['L-1', 'L-2']);
  expect(await waivers(`?asKnownAt=${after}`)).toEqual(['L-1', 'L-2']);
  expect(await waivers(`?asKnownAt=${before}`)).toEqual(['L-1']);
  expect(await read('/waivers?asKnownAt=99999')).toMatchObject({ status: 400, type: '/api/problems/cannot-be-answered' });
});

it('tells of what had to happen by what was known then: what was told since is not known', async () => {
  const states = async (query: string) =>
    (
      await read<{ readonly occurrences: readonly { readonly what: string; readonly from: string; readonly state: string }[] }>(
        `/occurrences?period=2026-03-01T00:00:00Z..2026-03-10T00:00:00Z${query}`,
      )
    ).occurrences.flatMap(({ what, from, state }) => (what.includes('files/registers') ? [`${from} ${state}`] : []));
  expect(await states('')).toEqual(['2026-03-02T09:00:00Z met', '2026-03-03T09:00:00Z met']);
  expect(await states(`&asKnownAt=${before}&asOf=2026-03-03T09:00:00Z`)).toEqual(['2026-03-02T09:00:00Z met', '2026-03-03T09:00:00Z due']);
  expect(await states(`&asKnownAt=${before}`)).toEqual(['2026-03-02T09:00:00Z met']); // as of its sealing
});

it('refuses an auditor who may not see the record', async () => {
  acme.as(principal('auditor', { bounds: { period: { from: Date.parse('2026-03-03T00:00:00Z'), to: Date.parse('2026-04-01T00:00:00Z') }, controls: null } }));
  expect(await read(`/waivers?asKnownAt=${before}`)).toMatchObject({ status: 403, type: '/api/problems/out-of-bounds' });
  expect(await read(`/occurrences?period=2026-03-03T00:00:00Z..2026-03-10T00:00:00Z&asKnownAt=${before}`)).toMatchObject({
    status: 403,
    type: '/api/problems/out-of-bounds',
  });
});
