import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { instant } from '../core/instant.ts';
import { Memory } from '../engine/memory.ts';
import { initialize } from './initialize.ts';
import { openWorkspace } from './open.ts';

const dir = mkdtempSync(join(tmpdir(), 'learned-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('makes room when a run was learned or all was rebuilt, and leaves blocks alone after an act, which teaches nothing', async () => {
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', 'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }'));
  writeFileSync(
    join(dir, 'workers.csv'),
    '# generated 2026-03-03T06:00:00Z\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-07,,UTC\n',
  );
  const workspace = await openWorkspace({ dir, clock: () => instant('2026-03-03T09:00:00Z'), env: {} });
  const rest = vi.spyOn(Memory.prototype, 'rest');
  const during = async (act: () => Promise<unknown>) => {
    await workspace.posture();
    rest.mockClear();
    await act();
    await workspace.posture();
    return rest.mock.calls.length;
  };
  try {
    expect(await during(() => workspace.collect()), 'a run').toBeGreaterThan(0);
    expect(await during(() => workspace.recordActs([{ act: 'test', by: 'tickmark', target: null, says: null }])), 'an act').toBe(0);
    expect(await during(() => workspace.rebuild()), 'a rebuild').toBe(1);
  } finally {
    rest.mockRestore();
    await workspace.close();
  }
});
