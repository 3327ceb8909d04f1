import { mkdtempSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { makeWorld } from '../src/acme/world.ts';
import { openAny } from '../src/app/demo.ts';
import { iso } from '../src/core/instant.ts';
import { layAcme, NOW } from './acme-workspace.ts';
it('dumps', async () => {
  const dir = mkdtempSync('/tmp/f5/acme-');
  console.time('lay'); await layAcme(dir); console.timeEnd('lay');
  console.time('open'); const w = await openAny({ dir, clock: () => NOW }); 
  await w.posture(); console.timeEnd('open');
  console.time('cases'); const c = await w.cases({}); console.timeEnd('cases');
  writeFileSync('/tmp/f5/cases.txt', c.cases.map((x) => `${x.id} ${x.state} ${x.overdue} ${x.severity} ${x.check} | ${x.item.label} | ${x.item.source} | ${iso(x.opened)} ${x.fixedAt ? iso(x.fixedAt) : '-'} r${x.reopened} ${x.spells.at(-1)?.end?.how} ${x.spells.at(-1)?.end?.records} ${x.notes.map((n) => n.kind + ' ' + n.problem)} ${x.waiver?.by}`).join('\n') + '\n' + JSON.stringify(c.timesToFix, null, 1) + c.problems.join('\n'));
  const ws = await w.waivers();
  writeFileSync('/tmp/f5/waivers.txt', JSON.stringify(ws, null, 1));
  console.time('occ'); const o = await w.occurrences({ period: { from: makeWorld(NOW).firstDay, to: NOW + 1 }, controls: null }); console.timeEnd('occ');
  writeFileSync('/tmp/f5/occ.txt', o.map((x) => `${x.kind} ${x.what} ${x.controls} ${iso(x.from)} ${iso(x.due)} ${x.state} ${x.because} ${x.records}`).join('\n'));
  await w.close();
}, 900000);
